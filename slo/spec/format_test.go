package spec

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// pledges is a foreign format: a team, where its counts are, and pledges with a
// goal in percent over days, or the usual goal, which a document of its own says. It has
// colours, which the native one has not.
func pledges() Format {
	return Format{
		Name:  "pledges",
		Mine:  func(doc Value) bool { return doc.Get("pledges").Is() || doc.Get("usual").Is() },
		Marks: []string{"usual"},
		Native: func(named []Value) Reader {
			var usual Value
			for _, doc := range named {
				if doc.Get("usual").Is() {
					usual = doc.Get("usual")
				}
			}
			return func(doc Value) ([]Value, diag.List) { return ofPledges(doc, usual) }
		},
	}
}

func ofPledges(doc, usual Value) ([]Value, diag.List) {
	var losses diag.List
	if doc.Get("usual").Is() {
		return nil, nil
	}
	team, table := doc.Get("team"), doc.Get("counts")
	if !team.Is() {
		return nil, diag.List{diag.Errorf(doc.Pos, "pledges/team", "pledges of no team")}
	}
	var slos []Value
	for _, p := range doc.Get("pledges").Items {
		days, goal := p.Get("days"), p.Get("goal")
		if !goal.Is() {
			goal = usual
		}
		if colour := p.Get("colour"); colour.Is() {
			losses = append(losses, diag.Warnf(colour.Pos, "pledges/colour", "colours are not carried over"))
		}
		slos = append(slos, yaml.MapOf(p.Pos,
			p.Get("title").As("name"),
			yaml.Text(goal.Pos, goal.Text+"%").As("target"),
			yaml.Text(days.Pos, days.Text+"d").As("window"),
			yaml.MapOf(p.Pos, yaml.Text(p.Pos, "counts").As("source")).As("sli"),
		))
	}
	source := yaml.MapOf(table.Pos, yaml.Text(table.Pos, "csv").As("type"), table.As("path"))
	return []Value{yaml.MapOf(doc.Pos,
		yaml.Text(doc.Pos, APIVersion).As("apiVersion"),
		team.As("service"),
		yaml.MapOf(doc.Pos, source.As("counts")).As("sources"),
		yaml.ListOf(doc.Get("pledges").Pos, slos...).As("slos"),
		doc.Get("off").As("exclusions"),
	)}, losses
}

const pledged = `team: shop
counts: counts.csv
pledges:
  - {title: orders, goal: 99.9, days: 30, colour: red}
  - title: search
    goal: 99
    days: 7
`

// inFolder writes files into a directory of their own and returns it.
func inFolder(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func both() []Format { return []Format{Native(), pledges()} }

// What a foreign file says is read like what a native one says, and what is lost is
// a warning about its place.
func TestForeignFormat(t *testing.T) {
	dir := inFolder(t, map[string]string{"p.yaml": pledged, "other.yaml": "a: b\n", "z.yaml": service("mail")})
	set, findings := Load(nil, []string{dir}, Known{Sources: testKinds(), Formats: both()})
	var out bytes.Buffer
	if err := diag.Render(&out, findings, false); err != nil {
		t.Fatal(err)
	}
	want := `p.yaml:4:51: warning: colours are not carried over [pledges/colour]
    4 |   - {title: orders, goal: 99.9, days: 30, colour: red}
      |                                                   ^~~
`
	if got := strings.TrimPrefix(out.String(), dir+"/"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	var got []string
	for _, o := range set.Objectives {
		name := filepath.Base(o.Pos.File)
		got = append(got, o.ID()+" "+o.Target.String()+" "+o.Window.String()+" of "+o.Parts[0].Source.Type+" "+name)
	}
	if diff := cmp.Diff([]string{
		"shop/orders 99.9% 30d of csv p.yaml", "shop/search 99% 7d of csv p.yaml", "mail/x 99% 30d of csv z.yaml",
	}, got); diff != "" {
		t.Errorf("objectives (-want +got):\n%s", diff)
	}
	if at := set.Objectives[1].Pos; at.Line != 5 || at.Col != 12 {
		t.Errorf("search stands at %s", at)
	}
}

// What a document names may stand in another file, before it or behind it.
func TestFormatOfSeveralFiles(t *testing.T) {
	usual := "usual: 98\n"
	for _, name := range []string{"a.yaml", "z.yaml"} {
		text := strings.Replace(pledged, "    goal: 99\n", "", 1)
		dir := inFolder(t, map[string]string{"p.yaml": text, name: usual})
		set, findings := Load(nil, []string{dir}, Known{Sources: testKinds(), Formats: both()})
		if findings.Errors() || len(set.Objectives) != 2 || set.Objectives[1].Target.String() != "98%" {
			t.Errorf("%s: %v", name, findings)
		} else if at := set.Objectives[1].Pos; filepath.Base(at.File) != "p.yaml" {
			t.Errorf("%s: the objective stands at %s", name, at)
		}
	}
}

// What is given stands in for sources that a foreign format has not either, whatever stands
// beside it, and what stands in a document is as it was.
func TestGiven(t *testing.T) {
	bare := pledges()
	without := func(doc Value) ([]Value, diag.List) {
		docs, losses := ofPledges(doc, Value{})
		for i, d := range docs { // as if the format knew of no sources
			slos := d.Get("slos")
			for k, entry := range slos.Items {
				slos.Items[k] = yaml.MapOf(entry.Pos, entry.Get("name").As("name"), entry.Get("target").As("target"),
					entry.Get("window").As("window"), yaml.MapOf(entry.Pos, yaml.Text(entry.Pos, "b").As("good"),
						yaml.Text(entry.Pos, "c").As("total")).As("sli"))
			}
			docs[i] = yaml.MapOf(d.Pos, d.Get("apiVersion").As("apiVersion"), d.Get("service").As("service"), slos.As("slos"))
		}
		return docs, losses
	}
	bare.Native = func([]Value) Reader { return without }
	given, err := ParseGiven("prometheus=http://localhost:9090/p?q=1", testKinds())
	if err != nil {
		t.Fatal(err)
	}
	dir := inFolder(t, map[string]string{"p.yaml": pledged, "z.yaml": service("mail")})
	set, findings := Load(nil, []string{dir}, Known{Sources: testKinds(), Formats: []Format{Native(), bare}, Given: given})
	if len(findings) != 1 || findings[0].Code != "pledges/colour" {
		t.Fatal(findings)
	}
	var got []string
	for _, o := range set.Objectives {
		s := o.Parts[0].Source
		got = append(got, o.ID()+" of "+s.Name+" "+s.Type+" "+s.Block.URL("url").String()+" in "+filepath.Base(s.Block.Dir))
	}
	if diff := cmp.Diff([]string{
		"shop/orders of prometheus prometheus http://localhost:9090/p in .",
		"shop/search of prometheus prometheus http://localhost:9090/p in .",
		"mail/x of m csv  in " + filepath.Base(dir),
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What cannot be given is refused with what to write, and shows no secret.
func TestParseGiven(t *testing.T) {
	kinds := append(testKinds(), SourceKind{Name: "made", Keys: []Key{{Name: "start", Type: Text, Required: true}}}, SourceKind{Name: "open"})
	for text, want := range map[string]string{
		"csv=a.csv":                  "",
		"csv=a=b.csv":                "",
		"accesslog=-":                "",
		"prometheus=https://p":       "",
		"csv":                        "--source csv has no address\nhint: write --source csv=FILE",
		"prometheus=":                "--source prometheus has no address\nhint: write --source prometheus=https://host.example",
		"cvs=a.csv":                  "--source: source type \"cvs\" is not known\nhint: did you mean csv? known types are accesslog, csv, prometheus, made, open",
		"made=now":                   "--source: source type \"made\" needs more than an address\nhint: name it in sources of the file",
		"open=now":                   "--source: source type \"open\" needs more than an address\nhint: name it in sources of the file",
		"http://hush:hush@p":         "--source does not say the type\nhint: write --source TYPE=ADDRESS, such as --source prometheus=http://localhost:9090",
		"=hush":                      "--source does not say the type\nhint: write --source TYPE=ADDRESS, such as --source prometheus=http://localhost:9090",
		"prometheus=ftp://hush@p":    "--source: url is not an address: it names a user; credentials come from a variable or a file\nhint: write it like url: https://host.example",
		"prometheus=p:9090?key=hush": "--source: url is not an address: it does not begin with http:// or https://\nhint: write it like url: https://host.example",
	} {
		got := ""
		if _, err := ParseGiven(text, kinds); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", text, got, want)
		}
	}
}

// Whatever is given is a source or an error of a line and a hint, that shows no secret.
func FuzzParseGiven(f *testing.F) {
	for _, text := range []string{"csv=a.csv", "prometheus=https://p/x?q=hush", "prometheus=http://hush@p", "=x", "csv", "cvs=a", "accesslog=-", "prometheus=p:9090?key=hush"} {
		f.Add(text)
	}
	kinds := testKinds()
	f.Fuzz(func(t *testing.T, text string) {
		given, err := ParseGiven(text, kinds)
		if (given == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", text, given, err)
		}
		if err == nil {
			return
		}
		line, hint, _ := strings.Cut(err.Error(), "\nhint: ")
		if line == "" || hint == "" || strings.ContainsFunc(line+hint, unicode.IsControl) {
			t.Errorf("%q: %q", text, err)
		}
		_, address, _ := strings.Cut(text, "=")
		secret := strings.Contains(address, "//hush@") || strings.Contains(address, "?key=hush")
		if secret && strings.Count(text, "hush") == 1 && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: shown by %q", text, err)
		}
	})
}

// A mistake in a foreign file is found by the checks of native ones, and pointed to
// where it stands.
func TestForeignFormatFindings(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"nothing", "", "", "4:51: colours are not carried over [pledges/colour]"},
		{"a value", "goal: 99\n", "goal: 990\n", "6:11: target \"990%\" is over 100 % [spec/value]"},
		{"a window", "days: 7", "days: 0", "7:11: window \"0d\" must be over 0 [spec/value]"},
		{"a missing value", "  - title: search\n   ", "  -", `5:5: key "name" is missing [spec/missing-key]`},
		{"two of a name", "title: search", "title: orders", `5:12: slo "shop/orders" is already at`},
		{"nothing that can be read", "team: shop\n", "", "1:1: pledges of no team [pledges/team]"},
		{"a key that is native", "team:", "off: [{strat: 2026-10-04}]\nteam:", "1:8: unknown key \"strat\" [spec/unknown-key]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(pledged, tt.old, tt.new, 1)
			dir := inFolder(t, map[string]string{"p.yaml": text})
			_, findings := Load(nil, []string{dir}, Known{Sources: testKinds(), Formats: both()})
			if got := findings.Error(); !strings.Contains(got, "p.yaml:"+tt.want) {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if tt.old != "" && !findings.Errors() {
				t.Error("no error")
			}
		})
	}
}

// Documents of two formats may stand in one file, and an exclusion of one names an
// SLO of the other.
func TestTwoFormatsInOneFile(t *testing.T) {
	native := service("mail", "exclusions: [{start: 2026-10-04, end: 2026-10-05, only: [orders]}]")
	dir := inFolder(t, map[string]string{"p.yaml": pledged + "---\n" + native})
	set, findings := Load(nil, []string{filepath.Join(dir, "p.yaml")}, Known{Sources: testKinds(), Formats: both()})
	if findings.Errors() || len(set.Objectives) != 3 {
		t.Fatalf("%d objectives, %v", len(set.Objectives), findings)
	}
	for _, o := range set.Objectives {
		if excluded := len(o.Exclusions) == 1; excluded != (o.Name == "orders") {
			t.Errorf("%s has %d exclusions", o.ID(), len(o.Exclusions))
		}
	}
}

// Without its format a foreign file is passed over in a directory and refused by
// name, which tells what formats there are.
func TestUnknownFormat(t *testing.T) {
	dir := inFolder(t, map[string]string{"p.yaml": pledged, "z.yaml": service("mail"), "v.yaml": "apiVersion: other/v1\n"})
	set, findings := Load(nil, []string{dir}, Known{Sources: testKinds(), Formats: []Format{Native()}})
	if len(findings) > 0 || len(set.Files) != 1 {
		t.Errorf("read %v, %v", set.Files, findings)
	}
	for _, tt := range []struct {
		file    string
		formats []Format
		hint    string
	}{
		{"p.yaml", []Format{Native()}, "this version reads nines/v1"},
		{"v.yaml", both(), "this version reads nines/v1, pledges"},
		{"z.yaml", []Format{pledges()}, "this version reads pledges"},
	} {
		_, findings := Load(nil, []string{filepath.Join(dir, tt.file)}, Known{Sources: testKinds(), Formats: tt.formats})
		if len(findings) != 1 || findings[0].Code != "file/format" || findings[0].Hint != tt.hint {
			t.Errorf("%s: got %+v, want the hint %q", tt.file, findings, tt.hint)
		}
	}
}
