package prometheus_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/openmetrics"
	"github.com/nines-slo/nines/sources/prometheus"
	"github.com/nines-slo/nines/sources/sourcetest"
	"github.com/nines-slo/nines/sources/tsdb"
)

// program returns the path of a server: what a variable of the environment says, else what
// there is of these names. It skips the test where there is none, which NINES_CI=1 forbids,
// but where the variable is "none".
func program(t *testing.T, variable string, names ...string) string {
	t.Helper()
	said := os.Getenv(variable)
	if said != "" && said != "none" {
		names = []string{said}
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil && said != "none" {
			return found
		}
	}
	if os.Getenv("NINES_CI") == "1" && said != "none" {
		t.Fatalf("there is no %s, and NINES_CI=1 forbids to skip: set %s to its path, or to none", names[0], variable)
	}
	t.Skipf("there is no %s: this server is not asked", names[0])
	return ""
}

// run runs a server until the test ends, and returns its address once path answers.
func run(t *testing.T, path string, command func(address string) *exec.Cmd) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	var log bytes.Buffer
	cmd := command(address)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			lines := log.Bytes()
			t.Logf("%s:\n%s", cmd.Path, lines[max(0, len(lines)-5000):])
		}
	})
	out := &url.URL{Scheme: "http", Host: address}
	for deadline := time.After(time.Minute); ; {
		if resp, err := http.Get(out.JoinPath(path).String()); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return out
			}
		}
		select {
		case <-deadline:
			t.Fatalf("%s is not ready", cmd.Path)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// runPrometheus runs a server over a folder.
func runPrometheus(t *testing.T, command, folder string) *url.URL {
	t.Helper()
	config := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, "-/ready", func(address string) *exec.Cmd {
		return exec.Command(command, "--config.file="+config, "--storage.tsdb.path="+folder,
			"--storage.tsdb.retention.time=50y", "--web.listen-address="+address, "--web.enable-remote-write-receiver",
			"--enable-feature=native-histograms", "--query.max-samples=100000000")
	})
}

// runVictoria runs VictoriaMetrics with the series of a text, and those that are pushed.
func (w *world) runVictoria(t *testing.T, command, text string) *url.URL {
	t.Helper()
	folder := t.TempDir()
	server := run(t, "health", func(address string) *exec.Cmd {
		return exec.Command(command, "-storageDataPath="+folder, "-httpListenAddr="+address, "-retentionPeriod=100y",
			"-search.maxPointsPerTimeseries=11000", "-memory.allowedBytes=300MB")
	})
	file, err := os.Open(text)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	resp, err := http.Post(server.JoinPath("api/v1/import/prometheus").String(), "text/plain", file)
	if err != nil || resp.StatusCode/100 != 2 {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	if len(w.pushed) > 0 {
		w.push(t, server, false)
	}
	resp, err = http.Get(server.JoinPath("internal/force_flush").String())
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	resp.Body.Close()
	return server
}

// without is a server that has no remote read.
func without(t *testing.T, server *url.URL) *url.URL {
	t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(server)
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of answers that nobody waits for
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/read" {
			http.NotFound(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	out, err := url.Parse(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// held is a world as files hold it.
type held struct {
	*world
	said   *[]byte // by the program, of the first way: the same of all
	text   string  // OpenMetrics
	folder string  // the data folder of a server
	stamps string  // the text with times in milliseconds
}

func (w *world) hold(t *testing.T) held {
	t.Helper()
	promtool := program(t, "NINES_PROMTOOL", "promtool")
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	h := held{w, new([]byte), in("samples.om"), in("data"), in("samples.txt")}
	w.openMetrics(t, h.text, "# EOF\n", func(at int64) string { return fmt.Sprintf("%d.%03d", at/1000, at%1000) })
	w.openMetrics(t, h.stamps, "", func(at int64) string { return strconv.FormatInt(at, 10) })
	cmd := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics",
		"--max-block-duration=2208h", "-q", h.text, h.folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return h
}

// copied is a copy of the folder.
func (h held) copied(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(folder, os.DirFS(h.folder)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// way is one way to get at the samples.
type way struct {
	kind   sources.Kind
	source string // its block
	has    func(s *scene) bool
	fails  func(s *scene) string
	nines  string  // the program
	better float64 // how much nearer to the truth its increase() is than others'
}

func (w way) takes(s *scene) bool { return w.has == nil || w.has(s) }

// answers asks for scenes, and returns what is answered to each.
func (w way) answers(t *testing.T, scenes []*scene) [][]sources.Answer {
	t.Helper()
	all := make([][]sources.Answer, len(scenes))
	together := map[string][]int{}
	for i, s := range scenes {
		if w.takes(s) {
			together[s.source] = append(together[s.source], i)
		}
	}
	for more, of := range together {
		block := sourcetest.Block(t, "type: "+w.kind.Name+"\n"+w.source+more, t.TempDir())
		src, err := w.kind.Open(t.Context(), block, sources.Env{
			At: time.UnixMilli(at(93) + pushedLength).UTC(), HTTP: http.DefaultTransport, Parallel: 4,
		})
		if err != nil {
			t.Fatal(err)
		}
		var reqs []sources.Request
		for _, i := range of {
			s := scenes[i]
			sli := sourcetest.Block(t, "source: x\n"+s.sli, t.TempDir())
			sli.Per = s.per
			if found := w.kind.Check(block, sli); found.Errors() {
				t.Fatalf("%s: %v", s.name, found)
			}
			reqs = append(reqs, sources.Request{SLI: sli, Count: spec.Both, Per: s.per,
				Period: s.period, Step: s.step, MaxSets: 2000})
		}
		err = src.Fetch(t.Context(), reqs, func(a sources.Answer) {
			all[of[a.Request]] = append(all[of[a.Request]], a)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// check holds the answers to a scene against its truth.
func (s *scene) check(t *testing.T, way way, answers []sources.Answer) {
	t.Helper()
	fails := s.fails
	if way.fails != nil {
		fails = cmp.Or(way.fails(s), fails)
	}
	if fails != "" {
		if len(answers) != 1 || answers[0].Err == nil || !strings.Contains(said(answers[0].Err), fails) {
			t.Errorf("got %v, want the error %q", answers, fails)
		}
		return
	}
	if len(answers) != len(s.want) {
		t.Errorf("got %d answers, want %d", len(answers), len(s.want))
	}
	for _, a := range answers {
		var key []string
		for _, name := range s.per {
			key = append(key, a.Labels[name])
		}
		want := s.want[strings.Join(key, ",")]
		switch {
		case a.Err != nil:
			t.Errorf("%v: %v", a.Labels, a.Err)
		case want == nil:
			t.Errorf("an answer of %v", a.Labels)
		case s.bound > 0:
			s.near(t, a, want, max(s.bound-way.better, 1e-6))
		default:
			s.equal(t, a, want)
		}
		codes := []string{}
		for _, n := range a.Notes {
			_, code, _ := strings.Cut(n.Code, "/")
			codes = append(codes, code)
		}
		slices.Sort(codes)
		notes := s.notes
		if len(key) > 0 && s.plain == key[0] {
			notes = nil
		}
		if codes = slices.Compact(codes); strings.Join(codes, " ") != strings.Join(notes, " ") {
			t.Errorf("%v: notes %v, want %v", a.Labels, a.Notes, notes)
		}
	}
}

// said is the text of an error with its codes.
func said(err error) string {
	var list diag.List
	if errors.As(err, &list) {
		return fmt.Sprint(err, " ", list[0].Code)
	}
	return err.Error()
}

// equal holds each bucket against the truth.
func (s *scene) equal(t *testing.T, a sources.Answer, want *truth) {
	t.Helper()
	if a.Series.Step.Milliseconds() != want.step {
		t.Errorf("%v: buckets of %v, want %d ms", a.Labels, a.Series.Step, want.step)
		return
	}
	wrong := 0
	for i := range a.Series.Len() {
		start := a.Series.Time(i)
		got, doubt := "-", int64(0)
		if a.Series.Measured(i) {
			got = fmt.Sprintf("%s/%s", a.Series.Events(a.Series.Bad[i]), a.Series.Events(a.Series.Total[i]))
			if a.Series.Doubt != nil {
				doubt = int64(a.Series.Doubt.Bad[i])
			}
		}
		right, n := "-", int64(0)
		if total, ok := want.total[start.UnixMilli()]; ok {
			right = fmt.Sprintf("%d/%d", want.bad[start.UnixMilli()], total)
			n = want.unclear[start.UnixMilli()]
		}
		if got == right && doubt == n {
			continue
		}
		if i == a.Series.Len()-1 && got == "-" && right == "0/0" {
			continue // what tells that it is no gap comes behind the period, and is not read
		}
		if wrong++; wrong <= 5 {
			t.Errorf("%v: %s: got %s (%d in doubt), want %s (%d)", a.Labels,
				start.UTC().Format(time.RFC3339), got, doubt, right, n)
		}
	}
	if wrong > 5 {
		t.Errorf("%v: %d buckets of %d are wrong", a.Labels, wrong, a.Series.Len())
	}
}

// near holds the sums of an answer against the truth.
func (s *scene) near(t *testing.T, a sources.Answer, want *truth, bound float64) {
	t.Helper()
	var bad, total slo.Sum
	for i := range a.Series.Len() {
		if a.Series.Measured(i) {
			bad.Add(a.Series.Bad[i])
			total.Add(a.Series.Total[i])
		}
	}
	wantBad, wantTotal := want.sums(s.period)
	for _, one := range []struct {
		what string
		got  float64
		want int64
	}{
		{"bad events", bad.Number(a.Series.Decimals).Float(), wantBad},
		{"events", total.Number(a.Series.Decimals).Float(), wantTotal},
	} {
		off := one.got/float64(one.want) - 1
		t.Logf("%.2f %s in %d buckets, truth %d: %+.3f%%", one.got, one.what, a.Series.Len(), one.want, 100*off)
		if math.Abs(off) > bound {
			t.Errorf("got %v %s, want %d within %v%%", one.got, one.what, one.want, 100*bound)
		}
	}
}

// seedOf is that of the world: the same in each run, unless the environment has another.
func seedOf(t *testing.T) uint64 {
	text := cmp.Or(os.Getenv("NINES_SEED"), "1")
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// Servers and files give what was put into them, to the event.
func TestServers(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs real servers over 92 days of samples")
	}
	h := newWorld(seedOf(t)).hold(t)
	texts := func(s *scene) bool { return !s.pushed && !s.query }
	nines := build(t)
	direct := way{kind: prometheus.Kind(), nines: nines}
	for _, server := range []struct {
		name, variable string
		commands       []string
	}{
		{"Prometheus 2", "NINES_PROMETHEUS", []string{"prometheus"}},
		{"Prometheus 3", "NINES_PROMETHEUS3", []string{"prometheus-3"}},
	} {
		t.Run(server.name, func(t *testing.T) {
			command := program(t, server.variable, server.commands...)
			folder := h.copied(t)
			at := runPrometheus(t, command, folder)
			h.push(t, at, true)
			t.Run("remote read", func(t *testing.T) { h.ask(t, direct.of(at)) })
			t.Run("instant queries", func(t *testing.T) {
				w := direct.of(without(t, at))
				w.fails = func(s *scene) string {
					if s.native {
						return "native"
					}
					return ""
				}
				h.ask(t, w)
			})
			t.Run("its folder", func(t *testing.T) {
				h.ask(t, way{kind: tsdb.Kind(), nines: nines, source: "path: " + folder + "\n",
					has: func(s *scene) bool { return !s.query }})
			})
		})
	}
	t.Run("VictoriaMetrics", func(t *testing.T) {
		w := direct.of(h.runVictoria(t, program(t, "NINES_VICTORIAMETRICS", "victoria-metrics"), h.stamps))
		w.has = func(s *scene) bool { return !s.native }
		w.better = 1 // it loses nothing between windows, and extrapolates nothing
		h.ask(t, w)
	})
	t.Run("a folder", func(t *testing.T) {
		h.ask(t, way{kind: tsdb.Kind(), nines: nines, source: "path: " + h.folder + "\n", has: texts})
	})
	t.Run("a text", func(t *testing.T) {
		h.ask(t, way{kind: openmetrics.Kind(), nines: nines, source: "path: " + h.text + "\n", has: texts})
	})
}

func (w way) of(at *url.URL) way {
	w.source = "url: \"" + at.String() + "\"\n"
	return w
}

// ask asks for all scenes in one way.
func (h held) ask(t *testing.T, w way) {
	t.Helper()
	all := w.answers(t, h.scenes)
	for i, s := range h.scenes {
		if w.takes(s) {
			t.Run(s.name, func(t *testing.T) { s.check(t, w, all[i]) })
		}
	}
	t.Run("the program", func(t *testing.T) {
		source := "type: " + w.kind.Name + ", " + strings.TrimSpace(w.source)
		slos := status(t, w.nines, source)
		h.right(t, slos)
		slos = bytes.ReplaceAll(slos, []byte("\""+w.kind.Name+"/"), []byte("\"")) // codes of findings
		slos = bytes.ReplaceAll(slos, []byte("["+w.kind.Name+"/"), []byte("["))
		if *h.said == nil {
			*h.said = slos
		}
		if !bytes.Equal(*h.said, slos) {
			t.Errorf("says\n%s\nand another source of the same samples\n%s", slos, *h.said)
		}
	})
}
