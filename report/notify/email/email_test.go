package email

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"net/mail"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// blockOf returns a block that stands in a file, and what is wrong with it.
func blockOf(t *testing.T, text string) (spec.Block, diag.List) {
	t.Helper()
	docs, wrong := yaml.Parse("slo.yaml", []byte(text))
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	b := spec.Block{Value: docs[0]}
	if wrong := spec.Check(b.Value, spec.DestinationKeys(Kind().DestinationKind)); len(wrong) > 0 {
		return b, wrong
	}
	return b, Kind().Check(b)
}

const common = `
type: email
smtp: localhost:25
from: Error budgets <slo@shop.example>
to: [payments@shop.example, 決済チーム <jp@shop.example>]
`

const login = common + "username: slo\npassword_env: PASSWORD\n"

func opened(t *testing.T, text string, env notify.Env) *destination {
	t.Helper()
	b, wrong := blockOf(t, text)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	env.Getenv = func(string) string { return notifytest.Canary }
	d, err := Kind().Open(b, env)
	if err != nil {
		t.Fatal(err)
	}
	return d.(*destination)
}

// packed returns the mail to the first recipient, taken apart.
func packed(t *testing.T, d *destination, m notify.Message) (notify.Parcel, letter) {
	t.Helper()
	parcels, err := d.Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := takes(parcels[0]); err != nil {
		t.Fatalf("%v in\n%.2000s", err, parcels[0].Body)
	}
	l, err := read(parcels[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	return parcels[0], l
}

// Both readers, that of the page and that of the text beside it, see all of it.
func TestConformance(t *testing.T) {
	for name, part := range map[string]func(letter) string{
		"page": func(l letter) string { return l.seen }, "plain": func(l letter) string { return l.plain },
	} {
		t.Run(name, func(t *testing.T) {
			notifytest.Run(t, notifytest.Suite{
				Open:  func(t *testing.T) notify.Destination { return opened(t, login, notify.Env{}) },
				Takes: takes,
				Reads: func(t *testing.T, p notify.Parcel) string {
					l, err := read(p.Body)
					if err != nil {
						t.Fatal(err)
					}
					return part(l)
				},
			})
		})
	}
}

func TestGolden(t *testing.T) {
	d := opened(t, common, notify.Env{})
	for name, m := range map[string]notify.Message{
		"summary_en": notifytest.Summary(unit.English), "summary_ja": notifytest.Summary(unit.Japanese), "alert": notifytest.Alert(),
	} {
		p, l := packed(t, d, m)
		reporttest.Golden(t, name+".eml", bytes.ReplaceAll(p.Body, []byte("\r\n"), []byte("\n")))
		reporttest.Golden(t, name+".html", []byte(l.page))
	}
}

// Each recipient has a mail that names no other, with a Message-ID of its own that is
// the same in every run.
func TestRecipients(t *testing.T) {
	d := opened(t, common+"reply_to: SRE <sre@shop.example>\n", notify.Env{})
	parcels, err := d.Pack(notifytest.Summary(unit.Japanese))
	if err != nil || len(parcels) != 2 {
		t.Fatalf("got %d mails (%v), want 2", len(parcels), err)
	}
	for i, want := range []string{"payments@shop.example", "jp@shop.example"} {
		l, err := read(parcels[i].Body)
		to, odd := l.header.AddressList("To")
		if err != nil || odd != nil || parcels[i].Part != want || len(to) != 1 || to[0].Address != want {
			t.Errorf("mail %d goes to %q and says %v (%v, %v)", i, parcels[i].Part, to, err, odd)
		}
		if other := parcels[1-i].Part; bytes.Contains(parcels[i].Body, []byte(other)) {
			t.Errorf("mail %d names %s", i, other)
		}
		if got := l.header.Get("Reply-To"); got != `"SRE" <sre@shop.example>` {
			t.Errorf("Reply-To is %q", got)
		}
	}
	again, _ := d.Pack(notifytest.Summary(unit.Japanese))
	other, _ := d.Pack(notifytest.Summary(unit.English))
	later := notifytest.Summary(unit.English)
	later.ID = "summary-2026-W49-chat"
	next, _ := d.Pack(later)
	ids := []string{parcels[0].ID, parcels[1].ID, next[0].ID}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 3 || again[0].ID != parcels[0].ID || other[0].ID != parcels[0].ID {
		t.Errorf("ids are %q, again %q", ids, again[0].ID)
	}
}

func TestHeader(t *testing.T) {
	d := opened(t, common, notify.Env{})
	_, summary := packed(t, d, notifytest.Summary(unit.Japanese))
	_, alert := packed(t, d, notifytest.Alert())
	for name, want := range map[string]string{
		"Date": "Mon, 30 Nov 2026 08:00:00 +0000", "From": `"Error budgets" <slo@shop.example>`, "Auto-Submitted": "auto-generated",
		"Content-Language": "ja", "Mime-Version": "1.0", "In-Reply-To": "", "References": "", "List-Unsubscribe": "", "Reply-To": "",
		"Content-Type": `multipart/alternative; boundary="=_nines_alternative"`,
	} {
		if got := summary.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if want := notifytest.Summary(unit.Japanese).Headline; summary.subject != want {
		t.Errorf("the subject is %q, want %q", summary.subject, want)
	}
	if want := "checkout/availability burns its budget 20 times too fast"; alert.header.Get("Subject") != want {
		t.Errorf("the subject is %q, want it as it is", alert.header.Get("Subject"))
	}
	// what follows about the objective is in one thread, and of another in another
	next, other := notifytest.Alert(), notifytest.Alert()
	next.ID, next.Headline, next.Changes = "alert-checkout-availability-2", "resolved", next.Changes[1:2]
	other.Changes[0].Objective = "checkout/latency"
	_, second := packed(t, d, next)
	_, third := packed(t, d, other)
	thread := alert.header.Get("References")
	if thread == "" || thread != alert.header.Get("In-Reply-To") || second.header.Get("References") != thread ||
		third.header.Get("References") == thread || thread == alert.header.Get("Message-ID") {
		t.Errorf("threads are %q, %q and %q", thread, second.header.Get("References"), third.header.Get("References"))
	}
}

func TestUnsubscribe(t *testing.T) {
	for at, post := range map[string]string{
		"mailto:slo-stop@shop.example?subject=stop": "", "https://shop.example/stop?list=1": "List-Unsubscribe=One-Click",
	} {
		_, l := packed(t, opened(t, common+"unsubscribe: "+at+"\n", notify.Env{}), notifytest.Alert())
		if got := l.header.Get("List-Unsubscribe"); got != "<"+at+">" || l.header.Get("List-Unsubscribe-Post") != post {
			t.Errorf("%s: got %q with %q", at, got, l.header.Get("List-Unsubscribe-Post"))
		}
	}
}

// A list of mails shows what follows the headline.
func TestPreheader(t *testing.T) {
	_, l := packed(t, opened(t, common, notify.Env{}), notifytest.Summary(unit.English))
	if want := "checkout/availability exhausted, 145% spent, 98 min over · storefront/"; !strings.HasPrefix(l.before, want) {
		t.Errorf("got %q, want %q first", l.before, want)
	}
}

// Whatever texts hold, the mail has the fields, the elements and the links of one
// whose texts are letters.
func TestHostile(t *testing.T) {
	d := opened(t, common, notify.Env{})
	_, calm := packed(t, d, notifytest.Hostile("x"))
	texts := append(reporttest.HostileTexts(), "x\r\nBcc: evil@evil.example", "x\n\n<b>", "\r\n.\r\nMAIL FROM:<evil@evil.example>",
		"=?utf-8?q?all_good?=", "--=_nines_alternative", "<a href=https://evil.example>x</a>", "javascript:alert(1)", "\u2066x\u2069\u200b",
		"<!--[if mso]><p>", "-->", "]]>", `" style="display:none`, "' onmouseover='x", "\xff\xfe", "&lt;b&gt;", "{{.}}", ".", "From x", "=3D")
	for _, text := range texts {
		_, l := packed(t, d, notifytest.Hostile(text))
		if !slices.Equal(l.elements, calm.elements) || !slices.Equal(l.links, calm.links) || len(l.header) != len(calm.header) {
			t.Errorf("%q: the mail has another form: %v %v %v", text, l.elements, l.links, l.header)
		}
		clean := diag.Escape(text)
		if want := strings.Join(strings.Fields(clean), " "); l.subject != want && len(clean) <= maxSubject {
			t.Errorf("%q: the subject is %q, want %q", text, l.subject, want)
		}
		if n := strings.Count(notifytest.Seen(l.seen), clean); n < 9 {
			t.Errorf("%q: the page says it %d times:\n%s", text, n, l.seen)
		}
	}
}

// A link that leads anywhere but to the web is none.
func TestLinks(t *testing.T) {
	m := notifytest.Summary(unit.English)
	m.Links = append(m.Links, notify.Link{Text: "x", URL: "javascript:alert(1)"}, notify.Link{Text: "y", URL: "data:text/html,x"},
		notify.Link{Text: "z", URL: "https:"}, notify.Link{Text: "Gate", URL: "http://gate.example/?a=<b>&c=\"d\""})
	_, l := packed(t, opened(t, common, notify.Env{}), m)
	want := []string{"https://reports.example/2026-W48?a=1&b=2", "http://gate.example/?a=%3cb%3e&c=%22d%22"}
	if !slices.Equal(l.links, want) {
		t.Errorf("got %q, want %q", l.links, want)
	}
}

// Rows stay as long as the page is within its limit, and what has no room is counted.
func TestFit(t *testing.T) {
	d := opened(t, common, notify.Env{})
	crowded := func(n int) notify.Message {
		m := notifytest.Long(n)
		for i := range m.Sections[0].Rows {
			m.Sections[0].Rows[i].Spent = slo.NumberFrac(3, 2)
		}
		return m
	}
	first := sort.Search(200, func(n int) bool { return left(t, d, crowded(n)) > 0 })
	if first < 41 || first == 200 {
		t.Fatalf("a page has room for %d rows, want 40 or a few more", first-1)
	}
	for n, want := range map[int]int{1: 0, first - 1: 0} {
		if got := left(t, d, crowded(n)); got != want {
			t.Errorf("%d rows: %d left out, want %d", n, got, want)
		}
	}
	for _, n := range []int{first, first + 1, 1000} {
		p, l := packed(t, d, crowded(n))
		if size := len(quoted([]byte(l.page))); size < maxPage-2000 {
			t.Errorf("%d rows: %d left out of a page of %d bytes", n, p.Left, size)
		}
	}
	p, l := packed(t, d, crowded(1000)) // the one row of each other section stays
	if want := fmt.Sprintf("and %d more\n", p.Left); !strings.Contains(l.seen, want) || !strings.Contains(l.plain, want) {
		t.Errorf("%d are left out, and %q is not said:\n%s", p.Left, want, l.seen)
	}
}

func left(t *testing.T, d *destination, m notify.Message) int {
	p, _ := packed(t, d, m)
	return p.Left
}

// What is over the budget stands behind it; widths are 100 together.
func TestBar(t *testing.T) {
	for _, c := range []struct {
		spent slo.Number
		want  []int
	}{
		{slo.Number{}, nil},
		{slo.NumberOf(-1), nil},
		{slo.NumberOf(0), []int{100}},
		{slo.NumberFrac(1, 1000), []int{100}},
		{slo.NumberFrac(1, 100), []int{1, 99}},
		{slo.NumberFrac(83, 100), []int{83, 17}},
		{slo.NumberFrac(9999, 10000), []int{99, 1}},
		{slo.NumberOf(1), []int{100}},
		{slo.NumberFrac(10001, 10000), []int{98, 1, 1}},
		{slo.NumberFrac(145, 100), []int{68, 1, 31}},
		{slo.NumberOf(2), []int{50, 1, 49}},
		{slo.NumberOf(1000000), []int{1, 1, 98}},
	} {
		var got []int
		for _, piece := range bar(notify.Row{State: slo.Exhausted, Spent: c.spent}) {
			got = append(got, piece.Width)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.spent, got, c.want)
		}
	}
}

// Marks, and what else has a ground of its own, can be read on it: WCAG 2 asks for 4.5.
func TestContrast(t *testing.T) {
	pairs := [][2]string{{"#FFFFFF", "#0067A3"}, {"#5F6670", "#FFFFFF"}, {"#B0B5BB", "#121212"}}
	for _, s := range []slo.State{slo.Met, slo.OnTrack, slo.AtRisk, slo.Missed, slo.Exhausted, slo.NoData} {
		pairs = append(pairs, [2]string{toneOf(s).Ink, toneOf(s).Back})
	}
	for _, p := range pairs {
		a, b := luminance(t, p[0]), luminance(t, p[1])
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
			t.Errorf("%s on %s: %.2f", p[0], p[1], ratio)
		}
	}
}

// luminance is that of WCAG 2, 1.4.3.
func luminance(t *testing.T, colour string) float64 {
	var rgb [3]int
	if _, err := fmt.Sscanf(colour, "#%02X%02X%02X", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatal(colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

// Only files that are asked for go along, as they are.
func TestFiles(t *testing.T) {
	m := notifytest.Summary(unit.English)
	m.Files = []notify.File{
		{Name: "report.html", Form: "html", Type: "text/html", Body: []byte("<p>\r\n.\r\n" + strings.Repeat("x", 5000))},
		{Name: "月次.xlsx", Form: "excel", Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Body: []byte("PK\x00\xff")},
	}
	excel := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet 月次.xlsx"
	for attach, want := range map[string][]string{
		"": nil, "attach: html": {"text/html report.html"}, "attach: [excel]": {excel},
		"attach: [excel, html]": {"text/html report.html", excel},
	} {
		_, l := packed(t, opened(t, common+attach+"\n", notify.Env{}), m)
		if !slices.Equal(l.files, want) {
			t.Errorf("%q: got %q, want %q", attach, l.files, want)
		}
		if strings.Contains(attach, "html") && string(unbase64(t, l.bodies[0])) != string(m.Files[0].Body) {
			t.Errorf("%q: the file has changed", attach)
		}
	}
}

// What is more than servers take stays here, and the mail says so.
func TestLargeFiles(t *testing.T) {
	d := opened(t, common+"attach: [html, excel]\n", notify.Env{})
	m := notifytest.Summary(unit.English)
	m.Files = []notify.File{{Name: "a.html", Form: "html", Type: "text/html", Body: make([]byte, 5000)}, {Name: "b.xlsx", Form: "excel", Body: make([]byte, 10<<20-5000)}}
	if files, notes := d.files(m); len(files) != 2 || len(notes) != 0 {
		t.Errorf("10 MiB: got %d files and %q", len(files), notes)
	}
	m.Files[1].Body = make([]byte, 10<<20-4999)
	_, l := packed(t, d, m)
	note := "b.xlsx is not attached: a mail takes at most 10 MiB of files"
	if len(l.files) != 1 || !strings.Contains(l.seen, note) || !strings.Contains(l.plain, "! "+note) {
		t.Errorf("got %q, and the page says\n%s", l.files, l.seen)
	}
}

// What cannot be is said before anything is sent.
func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		"": "smtp",
		"smtp: mail.example\nfrom: a@b.example\nto: c@d.example":                                             "smtp is no host with a port",
		"smtp: mail.example:0\nfrom: a@b.example\nto: c@d.example":                                           "smtp is no host with a port",
		"smtp: \":25\"\nfrom: a@b.example\nto: c@d.example":                                                  "smtp is no host with a port",
		"smtp: smtp://mail.example:25\nfrom: a@b.example\nto: c@d.example":                                   "smtp is no host with a port",
		"smtp: m.example:25\nfrom: nobody\nto: c@d.example":                                                  `"nobody" is no address of a mail`,
		"smtp: m.example:25\nfrom: \"A\\r\\nBcc: x <a@b.example>\"\nto: c@d.example":                         "one line without control characters",
		"smtp: m.example:25\nfrom: \"=?utf-8?q?A=0D=0ABcc=3A?= <a@b.example>\"\nto: c@d.example":             "name of an address has a control character",
		"smtp: m.example:25\nfrom: a@b.example\nto: [c@d.example, \"c@D.example\"]":                          `"c@d.example" stands in to twice`,
		"smtp: m.example:25\nfrom: a@b.example\nto: \"c@d.example, e@d.example\"":                            "is no address of a mail",
		"smtp: m.example:25\nfrom: a@b.example\nto: 決済@d.example":                                            "characters that not every server takes",
		"smtp: m.example:25\nfrom: a@b.example\nto: '\"c d\"@d.example'":                                     "characters that not every server takes",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\nreply_to: x":                                `"x" is no address of a mail`,
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\ntls: maybe":                                 "maybe",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\nattach: pdf":                                "pdf",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\nunsubscribe: http://x.example":              "unsubscribe is neither",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\nunsubscribe: mailto:x":                      "unsubscribe is neither",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\nunsubscribe: \"https://x.example>\\r\\nX\"": "unsubscribe is neither",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\nusername: u":                                "username has no password",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\npassword_env: P":                            "a password, but nobody whose it is",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\npassword: " + notifytest.Canary:             "no place in a file",
		"smtp: m.example:25\nfrom: a@b.example\nto: c@d.example\ntls: none\nusername: u\npassword_env: P":    "the password would go over the network as it is",
	} {
		_, wrong := blockOf(t, "type: email\n"+text)
		if len(wrong) == 0 || !strings.Contains(wrong.Error(), want) || strings.Contains(wrong.Error(), notifytest.Canary) {
			t.Errorf("%s\ngot  %v\nwant %s", text, wrong, want)
		}
	}
	b, _ := blockOf(t, login)
	if _, err := Kind().Open(b, notify.Env{}); err == nil || !strings.Contains(err.Error(), "password_env") {
		t.Errorf("a password that is not there: got %v", err)
	}
}

func unbase64(t *testing.T, text []byte) []byte {
	t.Helper()
	out, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(text), "\r\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A mail of any texts is one that a server takes.
func FuzzTexts(f *testing.F) {
	for _, text := range reporttest.HostileTexts() {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, headline, text string) {
		m := notifytest.Hostile(text)
		m.Headline = "x" + headline
		packed(t, opened(t, common, notify.Env{}), m)
	})
}

// An address that is taken makes a header with itself alone.
func FuzzAddress(f *testing.F) {
	for _, text := range []string{"a@b.example", "決済 <a@b.example>", "\"x, y\" <a@b.example>", "=?utf-8?q?x=0D=0A?= <a@b>", "a@[1.2.3.4]", "a@b (c)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := addressOf(text)
		if err != nil {
			return
		}
		head := folded("From: " + a.String())
		if err := lines([]byte(head + "\r\n")); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		m, err := mail.ReadMessage(strings.NewReader(head + "\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if list, err := m.Header.AddressList("From"); err != nil || len(list) != 1 || list[0].Address != a.Address {
			t.Errorf("%q is read as %v (%v)", text, list, err)
		}
		if again, err := addressOf(a.String()); err != nil || *again != *a {
			t.Errorf("%q is %v, and that is %v (%v)", text, a, again, err)
		}
	})
}
