// The realtime connection. It only carries news: what was missed is fetched again after every reconnect.

import { io } from '../vendor/socket.io.js';

const EVENTS = ['conversation', 'message', 'delivery', 'typing', 'read', 'agents', 'queue'];

/**
 * @param {{on: object, connected: (again: boolean) => void, lost: () => void, refused: () => void}} hooks
 *   `on` maps an event of the server to its handler; `connected` gets true when it is not the first time.
 */
export function connect({ on, connected, lost, refused }) {
  const socket = io('/desk', {
    path: '/socket.io',
    transports: ['websocket', 'polling'],
    tryAllTransports: true, // a proxy without WebSocket costs one failed try, not the connection
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
  });
  let before = false;
  let watched = null;

  socket.on('connect', () => {
    if (watched) socket.emit('watch', { conversation: watched });
    connected(before);
    before = true;
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') socket.connect(); // the client does not try again by itself then
    if (reason !== 'io client disconnect') lost();
  });
  socket.on('connect_error', () => {
    lost();
    if (!socket.active) refused();
  });
  for (const name of EVENTS) {
    if (on[name]) socket.on(name, on[name]);
  }

  return {
    /** Follow one conversation (messages, typing) instead of the one before; null for none. */
    watch(id) {
      if (watched === id) return;
      if (socket.connected && watched) socket.emit('unwatch', { conversation: watched });
      if (socket.connected && id) socket.emit('watch', { conversation: id });
      watched = id;
    },
    typing(id, typing) {
      if (socket.connected) socket.volatile.emit('typing', { conversation: id, on: typing });
    },
    close: () => socket.disconnect(),
  };
}
