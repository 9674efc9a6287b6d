"""Sentence vectors: any sentence-transformers model, exported once to int8 ONNX and served by
numpy, onnxruntime and tokenizers alone, in the Rasa process as well as in the services.

``python -m bot.encoder.export`` makes the folder, :class:`Encoder` serves it.
"""

from bot.encoder.runtime import Encoder, EncoderMissing

__all__ = ["Encoder", "EncoderMissing"]
