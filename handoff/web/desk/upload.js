// One file to the gateway, as it is, with its progress: the one call that fetch cannot make.

import { ApiError } from './api.js';

/** @returns {{done: Promise<object>, stop: () => void}} `done` gives the entry of the file for a message */
export function upload(file, told) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open('POST', '/api/desk/files');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('X-Name', encodeURIComponent(file.name));
    request.setRequestHeader('X-Setu', '1');
    request.upload.onprogress = ({ loaded, total }) => told(total ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, 'offline'));
    request.onabort = () => reject(new ApiError(0, 'stopped'));
    request.onload = () => {
      const { error, file: entry } = read(request.responseText);
      if (request.status < 300 && entry) resolve(entry);
      else reject(new ApiError(request.status, error?.code ?? 'offline', error?.message));
    };
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
