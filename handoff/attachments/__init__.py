"""Pictures, voice notes and files of a talk, both ways: fetched, checked, kept, served inert.

In a message: ``rich["files"] = [{id, kind, name, type, size, state, width, height, reason?}]`` with
``kind`` image, audio, video or file, ``state`` waiting, ready, refused, lost or expired, ``reason`` (of a
refused one) a code of :mod:`handoff.attachments.rules`. ``GET /files/{id}`` serves what is ready.
"""
