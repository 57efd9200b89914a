/** A cron binding as in the example site. */
export const CRON_COMPONENT = `apiVersion: dapr.io/v1alpha1
kind: Component
metadata:
  name: batch
spec:
  type: bindings.cron
  version: v1
  metadata:
    - name: schedule
      value: "@every 10s"
    - name: direction
      value: input
    - name: route
      value: /.internal/batch
`;
