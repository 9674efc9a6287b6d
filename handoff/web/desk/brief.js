// A message in a few words, for lists, notifications and quotes: its text, or what it holds instead. Pure.

const KINDS = ['image', 'audio', 'video', 'file'];

/** The words for a file without its name: picture, voice message, video, file. */
export const kindOf = ({ kind }) => (KINDS.includes(kind) ? kind : 'file');

export function brief(message, t) {
  if (message.deleted_at) return t('message.deleted');
  if (message.text) return message.text;
  const { files, location, cards, template } = message.rich ?? {};
  if (files?.length) {
    const [file] = files;
    const what = t(`files.kinds.${kindOf(file)}`);
    const said = file.name && kindOf(file) === 'file' ? `${what}: ${file.name}` : what;
    return files.length > 1 ? t('files.several', { what: said, count: files.length - 1 }) : said;
  }
  if (location) return location.name || t('message.location');
  if (template) return t('message.template', { name: template.name });
  return t(cards ? 'list.cards' : 'list.no_text');
}
