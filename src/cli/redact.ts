/** Takes the password out of any URL in a text: what was typed in the wrong place comes back in errors. */
export function redact(text: string): string {
  return text.replace(/(:\/\/[^\s:@/]*):\S*@/g, '$1:***@');
}
