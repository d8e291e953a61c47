package spec

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
)

// testdata/idle.yaml has the warnings of idle.out, and no finding of Load.
func TestIdle(t *testing.T) {
	set := idleSet(t)
	idle := set.Idle()
	if idle.Errors() {
		t.Error("a condition of the default table is an error")
	}
	var out bytes.Buffer
	if err := diag.Render(&out, idle, false); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/idle.out", out.Bytes())
}

func idleSet(t *testing.T) *Set {
	t.Helper()
	text, err := os.ReadFile("testdata/idle.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, findings := read("idle.yaml", string(text))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return set
}

// outages returns which conditions fire after two hours, or twenty steps, in which
// every event was bad, and which do not.
func outages(t *testing.T, o Objective) (fire, idle []string) {
	t.Helper()
	step := max(o.Parts[0].Source.Step, time.Minute)
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(max(2*time.Hour, 20*step))}, step)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 100, 100
	}
	l, err := budget.New(o.SLO, data)
	if err != nil {
		t.Fatal(err)
	}
	for _, track := range burn.New(l, o.Policies(), burn.Options{}).Replay(data.Start, data.End()) {
		title := track.Policy.Title(track.Condition)
		if len(track.Firings) > 0 {
			fire = append(fire, title)
		} else {
			idle = append(idle, title)
		}
	}
	return fire, idle
}

// What Idle says can never be true is not in a full outage, and all else is.
func TestIdleAgreesWithOutage(t *testing.T) {
	set := idleSet(t)
	said := fmt.Sprint(set.Idle())
	for _, o := range set.Objectives {
		fire, idle := outages(t, o)
		for _, title := range idle {
			if !strings.Contains(said, "the default condition "+title+" can never be true for "+o.ID()+":") {
				t.Errorf("%s: %s does not fire in an outage, but is not reported", o.ID(), title)
			}
		}
		for _, title := range fire {
			if strings.Contains(said, "the default condition "+title+" can never be true for "+o.ID()+":") {
				t.Errorf("%s: %s fires in an outage, but is reported", o.ID(), title)
			}
		}
	}
}

// A limit is refused if, and only if, a full outage is not over it.
func TestReachAgreesWithOutage(t *testing.T) {
	for _, target := range []string{"50%", "90%", "93%", "99%", "99.95%"} {
		for _, test := range []string{"burn: 1", "burn: 2", "burn: 9.999999", "burn: 10", "burn: 14.285714", "burn: 14.285715", "burn: 100", "spent: 1.3888888%", "spent: 1.3888889%", "spent: 2%"} {
			set, findings := read("x.yaml", "apiVersion: nines/v1\nservice: x\nsources: {m: {type: csv, path: m.csv}}\n"+
				"slos: [{name: x, target: "+target+", window: 30d, sli: {source: m}}]\nalerts: [{class: page, when: [{"+test+", long: 1h}]}]\n")
			if fire, _ := outages(t, set.Objectives[0]); (len(fire) == 1) == findings.Errors() {
				t.Errorf("%s at %s: fires %v, findings %v", test, target, fire, findings)
			}
		}
	}
}

// An inherited condition that many objectives cannot carry is reported for the
// first of them, each reason once.
func TestInheritedFindings(t *testing.T) {
	text := "apiVersion: nines/v1\nservice: x\nsources: {m: {type: csv, path: m.csv}}\nslos:\n"
	for i := range 300 {
		text += fmt.Sprintf("  - {name: n%d, target: %d%%, window: 30d, sli: {source: m}}\n", i, 50+i/10)
	}
	_, findings := read("x.yaml", text+"alerts: [{class: page, when: [{burn: 14.4, long: 1h}]}]\n")
	if len(findings) != maxSaid || !strings.Contains(findings[1].Message, "at target 51%") {
		t.Errorf("got %v", findings)
	}
}

// So many conditions are read; one more is refused.
func TestManyConditions(t *testing.T) {
	list := func(n int) string {
		text := "alerts:\n  - class: page\n    when:\n"
		for i := range n {
			text += fmt.Sprintf("      - {burn: 2, long: %dm}\n", 12*(i+1))
		}
		return service("x", text)
	}
	if _, findings := read("x.yaml", list(maxConditions)); len(findings) > 0 {
		t.Error(findings)
	}
	if _, findings := read("x.yaml", list(maxConditions+1)); len(findings) != 1 || findings[0].Code != "alert/many" {
		t.Errorf("got %v", findings)
	}
}
