/** Characters that can't be seen and come along with copied text: joiners, marks of direction, soft hyphens. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** Returns copied text as its reader sees it: without invisible characters, and without space around it. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '').trim();
}

/**
 * Returns the form in which texts are compared and searched: composed and in lower case. Composing comes
 * last too, since lower case may decompose.
 */
export function comparable(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

/** Returns what a search looks for, in the form of {@link comparable}; empty where nothing was entered. */
export function searchedText(search: string | undefined): string {
  return comparable(withoutInvisible(search ?? ''));
}
