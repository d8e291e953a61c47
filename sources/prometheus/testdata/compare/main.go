// Command compare reads the same counters from one server with nines and with the official
// Go client, pair by pair in one run, each in a process of its own: wall time, CPU time and
// peak memory of each, and what they counted. See README.md.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// job is what is read: two counters for each objective, by the minute.
type job struct {
	url    string
	slos   int
	days   int
	end    time.Time
	scrape time.Duration // between two samples
}

func (j job) start() time.Time { return j.end.Add(-time.Duration(j.days) * 24 * time.Hour) }

// counters are the metrics of an objective; both have its number as the label slo.
var counters = [...]string{"bench_errors_total", "bench_requests_total"}

// ways are those to do the job. Each returns the events that it counted of both counters.
var ways = map[string]func(context.Context, job) ([2]float64, error){
	"client":        client,
	"nines-counter": func(ctx context.Context, j job) ([2]float64, error) { return nines(ctx, j, exact) },
	"nines-promql":  func(ctx context.Context, j job) ([2]float64, error) { return nines(ctx, j, increase) },
	"client-promql": clientPromQL,
	"increase":      instant,
}

func main() {
	var j job
	flag.StringVar(&j.url, "url", "http://127.0.0.1:9090", "address of the server")
	flag.IntVar(&j.slos, "slos", 100, "objectives, of two counters each")
	flag.IntVar(&j.days, "days", 30, "days of samples")
	flag.DurationVar(&j.scrape, "scrape", time.Minute, "time between two samples, for -generate")
	end := flag.String("end", "2026-11-30T00:00:00Z", "end of these days")
	rounds := flag.Int("rounds", 5, "how often each way is measured")
	only := flag.String("ways", "client,nines-counter,client-promql,nines-promql,increase", "what is measured")
	program := flag.String("nines", "", "also measure `PROGRAM` status and alerts over the same objectives")
	do := flag.String("do", "", "do the job once in this way")
	generate := flag.Bool("generate", false, "write the counters as OpenMetrics text")
	flag.Parse()
	var err error
	if j.end, err = time.Parse(time.RFC3339, *end); err == nil {
		switch {
		case *generate:
			err = write(os.Stdout, j)
		case *do != "":
			var n [2]float64
			n, err = ways[*do](context.Background(), j)
			fmt.Println(n[0], n[1])
		default:
			err = measure(j, strings.Split(*only, ","), *program, *rounds)
		}
	}
	if err != nil {
		log.Fatal(err)
	}
}

// figures are those of a process.
type figures struct {
	wall, cpu time.Duration
	peak      int64 // KiB
	said      string
}

// measure runs the ways one after the other, again and again, and tells the medians.
func measure(j job, names []string, program string, rounds int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	commands := map[string][]string{}
	for _, name := range names {
		commands[name] = []string{self, "-do", name, "-url", j.url, "-slos", strconv.Itoa(j.slos),
			"-days", strconv.Itoa(j.days), "-end", j.end.Format(time.RFC3339)}
	}
	if program != "" {
		dir, err := os.MkdirTemp("", "compare")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file := dir + "/nines.yaml"
		if err := os.WriteFile(file, []byte(objectives(j, exact)), 0o600); err != nil {
			return err
		}
		for _, command := range []string{"status", "alerts"} {
			names = append(names, "nines "+command)
			commands["nines "+command] = []string{program, command, "-q", "--at", j.end.Format(time.RFC3339), file}
		}
	}
	all := map[string][]figures{}
	for range rounds {
		for _, name := range names {
			f, err := run(commands[name])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			all[name] = append(all[name], f)
		}
	}
	fmt.Printf("%-22s %10s %10s %10s  %s\n", "way", "wall s", "cpu s", "peak MiB", "events")
	for _, name := range names {
		f := all[name]
		by := func(of func(figures) float64) float64 {
			var list []float64
			for _, one := range f {
				list = append(list, of(one))
			}
			slices.Sort(list)
			return list[len(list)/2]
		}
		said := f[0].said
		if strings.HasPrefix(name, "nines ") {
			said = ""
		}
		fmt.Printf("%-22s %10.3f %10.3f %10.1f  %s\n", name, by(func(f figures) float64 { return f.wall.Seconds() }),
			by(func(f figures) float64 { return f.cpu.Seconds() }),
			by(func(f figures) float64 { return float64(f.peak) / 1024 }), said)
	}
	for _, pair := range [][2]string{{"client", "nines-counter"}, {"client-promql", "nines-promql"},
		{"increase", "nines-counter"}, {"increase", "nines status"}, {"increase", "nines alerts"}} {
		a, b := all[pair[0]], all[pair[1]]
		if a == nil || b == nil {
			continue
		}
		var walls, cpus []float64
		for i := range a {
			walls = append(walls, a[i].wall.Seconds()/b[i].wall.Seconds())
			cpus = append(cpus, a[i].cpu.Seconds()/b[i].cpu.Seconds())
		}
		slices.Sort(walls)
		slices.Sort(cpus)
		fmt.Printf("%s / %s: wall %.1f (%.1f to %.1f), cpu %.1f\n", pair[0], pair[1],
			walls[len(walls)/2], walls[0], walls[len(walls)-1], cpus[len(cpus)/2])
	}
	return nil
}

// run runs a command.
func run(command []string) (figures, error) {
	cmd := exec.Command(command[0], command[1:]...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	began := time.Now()
	err := cmd.Run()
	f := figures{wall: time.Since(began), said: strings.TrimSpace(out.String())}
	if err != nil {
		return f, err
	}
	f.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	f.peak = cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	return f, nil
}

// objectives returns the SLO file of the job.
func objectives(j job, sli string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: nines/v1\nservice: shop\nsources: {prom: {type: prometheus, url: %q}}\nslos:\n", j.url)
	for i := range j.slos {
		fmt.Fprintf(&b, "  - {name: s%d, target: 99%%, window: %dd, sli: {source: prom, %s}}\n", i, j.days, of(sli, i))
	}
	return b.String()
}

// of returns an sli of the objective of that number.
func of(sli string, n int) string { return strings.ReplaceAll(sli, "@", strconv.Itoa(n)) }

// write writes the counters of the job.
func write(to io.Writer, j job) error {
	w := bufio.NewWriterSize(to, 1<<20)
	seed := uint64(1)
	next := func() uint64 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		return seed
	}
	var line []byte
	for _, name := range counters {
		fmt.Fprintf(w, "# TYPE %s counter\n", strings.TrimSuffix(name, "_total"))
		for i := range j.slos {
			v := uint64(1000)
			series := fmt.Sprintf("%s{instance=\"app:8080\",job=\"shop\",slo=\"%d\"} ", name, i)
			for at := j.start().Unix(); at <= j.end.Unix(); at += int64(j.scrape.Seconds()) {
				if name == counters[1] {
					v += 100 + next()%1000
				} else if next()%20 == 0 {
					v += next() % 5
				}
				line = strconv.AppendUint(append(line[:0], series...), v, 10)
				line = strconv.AppendInt(append(line, ' '), at, 10)
				w.Write(append(line, '\n'))
			}
		}
	}
	w.WriteString("# EOF\n")
	return w.Flush()
}
