package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// far is a place that records which messages it got.
type far struct {
	*httptest.Server
	one sync.Mutex
	got map[string]int // how many, by path
}

func farSide(t *testing.T) *far {
	f := &far{got: map[string]int{}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var m struct{ Text string }
		if err != nil || json.Unmarshal(body, &m) != nil || m.Text == "" {
			return // cut off: nothing arrived
		}
		f.one.Lock()
		f.got[r.URL.Path]++
		f.one.Unlock()
		time.Sleep(2 * time.Millisecond) // for kills to fall into
		io.WriteString(w, "ok")
	}))
	t.Cleanup(f.Close)
	return f
}

const killed = `apiVersion: nines/v1
service: shop
sources:
  counts: {type: csv, path: counts.csv, step: 5m}
slos:
  - name: checkout
    target: 99.5%
    window: 1d
    sli: {source: counts}
destinations:
  one: {type: mattermost, url_env: ONE}
  two: {type: mattermost, url_env: TWO}
`

// Many copies at once, each of them killed at some point, and one at the end that is
// not: no place got a message twice, and one that got none is shown as unknown, or the
// last copy has sent it.
func TestKilledCopies(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rounds := 1
	if text := os.Getenv("KILL_ROUNDS"); text != "" {
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	bin := filepath.Join(t.TempDir(), "nines")
	if err := os.Symlink(self, bin); err != nil {
		t.Skip(err)
	}
	doubt := 0
	for round := range rounds {
		doubt += killRound(t, bin, round)
	}
	t.Logf("%d rounds of 40 copies, %d messages left in doubt", rounds, doubt)
}

// killRound returns how many messages nobody knows of.
func killRound(t *testing.T, bin string, round int) int {
	far, dir := farSide(t), t.TempDir()
	for name, text := range map[string]string{"slos.yaml": killed, "counts.csv": "timestamp,good,total\n2026-11-15T23:55:00Z,90,100\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command(bin, append([]string{"summary", "slos.yaml", "--state", "state"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "ONE="+far.URL+"/hooks/one", "TWO="+far.URL+"/hooks/two")
		return cmd
	}
	const copies = 40
	random := rand.New(rand.NewPCG(uint64(round), 9))
	var all sync.WaitGroup
	for range copies {
		cmd, after := command("--to", "one", "--to", "two"), time.Duration(random.IntN(800))*time.Millisecond
		all.Go(func() {
			if err := cmd.Start(); err != nil {
				t.Error(err)
				return
			}
			kill := time.AfterFunc(after, func() { cmd.Process.Kill() })
			defer kill.Stop()
			cmd.Wait() // killed, mostly
		})
	}
	all.Wait()
	last, err := command("--to", "one", "--to", "two").CombinedOutput()
	shown, _ := command("--sent").CombinedOutput()
	far.one.Lock()
	defer far.one.Unlock()
	doubt := 0
	for _, name := range []string{"one", "two"} {
		n := far.got["/hooks/"+name]
		unknown := strings.Contains(string(shown), fmt.Sprintf("%s  unknown", name))
		if unknown {
			doubt++
		}
		if n > 1 || n == 0 && !unknown {
			t.Errorf("round %d: %s got %d messages; unknown: %v\n%s%s", round, name, n, unknown, last, shown)
		}
	}
	if (err != nil) != (doubt > 0) {
		t.Errorf("round %d: %d in doubt, and the last copy ends with %v\n%s", round, doubt, err, last)
	}
	return doubt
}
