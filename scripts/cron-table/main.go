// Writes what daprd's own cron parser makes of many schedules, for harness/dapr/cron-schedule.test.ts:
//
//	go run . > ../../harness/dapr/test-support/cron-table.json
package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dapr/kit/cron"
)

type row struct {
	Schedule string `json:"schedule"`
	// The next ticks after the base time, in seconds from it; null: refused. Zero length: never.
	Ticks []float64 `json:"ticks"`
}

type field struct {
	min, max int
	names    []string
}

var fields = []field{
	{0, 59, nil}, {0, 59, nil}, {0, 23, nil}, {1, 31, nil},
	{1, 12, []string{"jan", "FEB", "Mar", "dec"}},
	{0, 6, []string{"sun", "MON", "Sat"}},
}

var fixed = []string{
	"", " ", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "@Hourly", "@hourly ", " @hourly",
	"@every 10s", "@every 1h30m", "@every 0s", "@every -1s", "@every 1ms", "@every", "@every ", "@every  5m", "@every 5", "@every 1d",
	"@every 2562048h", "@every 8760h", "@reboot", "* * * *", "* * * * *", "* * * * * *", "* * * * * * *", "*/10 * * * * *",
	"0 0 30 2 *", "0 0 29 2 *", "0 0 31 4,6,9,11 *", "0 0 30 2 1", "0 0 31 2 1-3", ", * * * *", "* * , * *", "? ? ? ? ?", "*-5 * * * *",
	"*/0 * * * *", "5/ * * * *", "5/15 * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "5-1 * * * *", "60 * * * *", "* 24 * * *",
	"* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * 0 *", "* * * * 7", "* * * * sun-sat", "* * * * fri-mon", "+5 * * * *", "-5 * * * *",
	"05 03 * * *", "1.5 * * * *", "0x5 * * * *", "5,, * * * *", ",5 * * * *", "L * * * *", "* * 15W * *", "* * * * mon#1",
	"CRON_TZ=UTC 0 3 * * *", "TZ=UTC 0 3 * * *", "TZ=UTC @daily", "TZ=UTC  @every 5s", "TZ= 0 3 * * *", "TZ=Nowhere/Land 0 3 * * *",
	"UTC=TZ 0 3 * * *", "0\t3\t*\t*\t*", "0 3 * * *\n", "@every 10s\n", "* * * JAN-mar *", "* * * january *", "0 0 1 1 ? ", "0-59/7 * * * * *",
	"*/1 * * * *", "*/100 * * * *", "30/100 * * * *", "0 0 */2 * 1", "0 0 31 2 *", "0 0 30,31 feb ?", "0 0 31 4,6 *", "0 0 0 31 sep *", ", 3 * * *", "3 , * * *", "0 0 31 2 ,", "0 0 1-31 * 1", "0 0 13 * 5",
}

func part(random *rand.Rand, f field) string {
	value := func() string {
		if len(f.names) > 0 && random.IntN(3) == 0 {
			return f.names[random.IntN(len(f.names))]
		}
		if random.IntN(25) == 0 {
			return strconv.Itoa(f.max + 1 + random.IntN(3))
		}
		return strconv.Itoa(f.min + random.IntN(f.max-f.min+1))
	}
	text := ""
	switch random.IntN(5) {
	case 0:
		text = value() + "-" + value()
	case 1:
		text = value()
	case 2:
		text = "?"
	default:
		text = "*"
	}
	if random.IntN(3) == 0 {
		text += "/" + strconv.Itoa(random.IntN(f.max+2))
	}
	return text
}

func schedule(random *rand.Rand) string {
	from := random.IntN(2)
	parts := []string{}
	for _, f := range fields[from:] {
		text := part(random, f)
		for random.IntN(4) == 0 {
			text += "," + part(random, f)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func main() {
	random := rand.New(rand.NewPCG(1, 2))
	all := append([]string{}, fixed...)
	for range 900 {
		all = append(all, schedule(random))
	}
	parser := cron.NewParser(
		cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor,
	)
	base := time.Date(2027, time.January, 31, 22, 58, 57, 250_000_000, time.UTC)
	rows := []row{}
	for _, text := range all {
		parsed, err := parser.Parse(text)
		if err != nil {
			rows = append(rows, row{text, nil})
			continue
		}
		ticks := []float64{}
		for at := base; len(ticks) < 3; {
			at = parsed.Next(at)
			if at.IsZero() {
				break
			}
			ticks = append(ticks, at.Sub(base).Seconds())
		}
		rows = append(rows, row{text, ticks})
	}
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(map[string]any{"base": base.UnixMilli(), "rows": rows}); err != nil {
		panic(err)
	}
}
