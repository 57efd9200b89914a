import type { FailingClass } from "./exploration.ts";

export function describeClass({ symptom }: FailingClass): string {
  return `broken: ${symptom}`;
}
