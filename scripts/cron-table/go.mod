module sitecar/cron-table

go 1.26.0

require github.com/dapr/kit v0.18.2

require k8s.io/utils v0.0.0-20230726121419-3b25d923346b // indirect
