//go:build allcomponents || stablecomponents

package components

import (
	"github.com/dapr/dapr/cmd/daprd/virtualtime"
	bindingsLoader "github.com/dapr/dapr/pkg/components/bindings"
)

func init() {
	bindingsLoader.DefaultRegistry.RegisterInputBinding(virtualtime.NewCron, "cron")
}
