// Command nines checks service level objectives against latency and availability data, and reports error budgets.
package main

import (
	"os"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/nines-slo/nines/cmd/nines/transport"
	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/sources/all"
)

func main() {
	if os.Getenv("GOMEMLIMIT")+os.Getenv("GOGC") == "" {
		boundMemory()
	}
	a := app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, now: time.Now, kinds: all.Kinds(), places: places.Kinds(), http: transport.New(time.Now),
		terminal: isTerminal(os.Stdout), color: isTerminal(os.Stderr) && os.Getenv("NO_COLOR") == ""}
	os.Exit(a.run(interruptible(), os.Args[1:]))
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
