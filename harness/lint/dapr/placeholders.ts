/** Marks of templates: `${NAME}`, `{{ name }}`, `#{name}#`, `__NAME__`, `%NAME%`, `<name>`. */
const TEMPLATE = /\$\{|\{\{|#\{|__\w+?__|%[A-Z_]{2,}%|<[\w -]+>/;

/** What daprd itself puts in while it reads metadata. */
const RUNTIME = /\{(?:uuid|podName|namespace|appID)\}/;

/** Something else stands here once the component is loaded, so nothing can be said of the value. */
export function isFilledLater(text: string): boolean {
  return TEMPLATE.test(text) || RUNTIME.test(text);
}
