package convert

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/slo/spec/formattest"
)

// load reads files of any format.
func load(t *testing.T, paths ...string) (*spec.Set, diag.List) {
	t.Helper()
	known := formattest.Known(all.Formats(false)[1:]...)
	known.Keep = true
	return spec.Load(nil, paths, known)
}

// said is what has to be the same in a converted file.
type said struct {
	SLO   slo.SLO
	Parts []string
	Per   []string
}

func objectives(set *spec.Set) (out []said) {
	for _, o := range set.Objectives {
		one := said{SLO: o.SLO, Per: o.Per}
		one.SLO.Alerts = mayFire(o.SLO)
		for _, p := range o.Parts {
			sli := p.SLI.Value
			one.Parts = append(one.Parts, string(p.Count)+" "+p.Source.Type+" "+sli.Get("bad").Key()+sli.Get("good").Key()+
				sli.Get("total").Key()+sli.Get("ratio").Key()+sli.Get("value").Key()+sli.Get("histogram").Key())
		}
		out = append(out, one)
	}
	return out
}

// mayFire returns the alerts without conditions that can never be true.
func mayFire(s slo.SLO) []slo.Policy {
	if s.Alerts == nil {
		return nil
	}
	out := []slo.Policy{}
	for _, p := range s.Alerts {
		p.When = slices.DeleteFunc(slices.Clone(p.When), func(c slo.Condition) bool {
			return c.Test == slo.Burn && c.Limit.Cmp(s.Target.Highest()) >= 0
		})
		if len(p.When) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// What any file of the formats' own tests says is said by the native file that it is converted
// to, and that is converted to itself.
func TestSameObjectives(t *testing.T) {
	files, _ := filepath.Glob("../*/testdata/*")
	read := 0
	for _, path := range files {
		if filepath.Ext(path) != ".yaml" && filepath.Ext(path) != "" || strings.Contains(path, "/yaml/") {
			continue
		}
		set, findings := load(t, path)
		if findings.Errors() || len(set.Objectives) == 0 {
			continue
		}
		read++
		t.Run(path, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "nines.yaml")
			text := Native(set)
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			again, wrong := load(t, file)
			if wrong.Errors() {
				t.Fatalf("%v\n%s", wrong, text)
			}
			exact := cmp.Comparer(func(a, b slo.Number) bool { return a.String() == b.String() })
			windows := cmp.Comparer(func(a, b slo.Window) bool {
				return a.String() == b.String() && a.Location().String() == b.Location().String() && a.Anchor == b.Anchor &&
					a.WeekStart == b.WeekStart
			})
			zones := cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })
			if diff := cmp.Diff(objectives(set), objectives(again), exact, windows, zones, cmpopts.IgnoreTypes(diag.Pos{})); diff != "" {
				t.Errorf("(-file +converted):\n%s", diff)
			}
			if twice := Native(again); twice != text {
				t.Errorf("converted again it is another file:\n%s", cmp.Diff(text, twice))
			}
		})
	}
	if read < 3 {
		t.Errorf("%d files were converted", read)
	}
}

// Comments stand above what they stood above, and what is lost above what it concerns.
func TestMargin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sloth.yaml")
	if err := os.WriteFile(file, []byte(`# of the file
version: prometheus/v1
service: checkout # beside
# of plugins
slo_plugins: {chain: [{id: example.com/extra/v1}]}
slos:
  # of the first SLO
  - name: a
    objective: 99
    sli:
      events:
        # of errors
        error_query: sum(rate(a_total{code="500"}[{{.window}}]))
        total_query: sum(rate(a_total[{{.window}}]))
    alerting: {page_alert: {disable: true}, ticket_alert: {disable: true}}
# behind all
`), 0o644); err != nil {
		t.Fatal(err)
	}
	set, findings := load(t, file)
	if findings.Errors() {
		t.Fatal(findings)
	}
	want := `# of the file
apiVersion: nines/v1
# beside
service: checkout
sources:
  prometheus:
    type: prometheus
    # nines: write where it is
    url: http://localhost:9090
slos:
  # of plugins
  # of the first SLO
  # nines: plugin "example.com/extra/v1" is code of sloth, which is not run: what it makes of rules is missing [sloth/plugin]
  - name: a
    target: 99%
    window: 30d
    sli:
      source: prometheus
      # of errors
      bad: sum(increase(a_total{code="500"}[$step]))
      total: sum(increase(a_total[$step]))
    alerts: []
# behind all
`
	if diff := cmp.Diff(want, Native(set)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
