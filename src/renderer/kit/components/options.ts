/**
 * The options of a field or a filter, in the order written.
 * @param words what each value is called; whole numbers have to ascend
 */
export function optionsOf<Value extends string>(words: Readonly<Record<Value, string>>) {
  return Object.entries(words).map(([value, label]) => ({
    value: value as Value,
    label: label as string,
  }));
}
