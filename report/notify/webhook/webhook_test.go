package webhook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// key is what signs: 32 bytes that hold the canary.
var key = []byte(notifytest.Canary + strings.Repeat("k", 16))

// older is what signed before.
var older = []byte(notifytest.Canary + strings.Repeat("o", 16))

func secretOf(key []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(key) }

// opened returns a destination of a block, whose variables hold secrets.
func opened(t *testing.T, address, block string) notify.Destination {
	t.Helper()
	d, err := open(parsed(t, block), env(address))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func parsed(t *testing.T, block string) spec.Block {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", block, ".")
	if err != nil {
		t.Fatal(err)
	}
	if found := append(spec.Check(cfg.Value, spec.DestinationKeys(Kind().DestinationKind)), check(cfg)...); len(found) > 0 {
		t.Fatal(found)
	}
	return cfg
}

func env(address string) notify.Env {
	values := map[string]string{
		"URL": address + "/in/" + notifytest.Canary + "?k=" + notifytest.Canary, "TOKEN": "tk-" + notifytest.Canary,
		"SECRET": secretOf(key), "SECRETS": secretOf(key) + " " + secretOf(older),
		"SHORT": "whsec_" + base64.StdEncoding.EncodeToString(key[:23]), "LONG": secretOf(bytes.Repeat(key, 3)[:65]), "BARE": notifytest.Canary,
	}
	return notify.Env{
		HTTP: http.DefaultTransport, Getenv: func(name string) string { return values[name] },
		Now: func() time.Time { return notifytest.At.Add(90 * time.Second) },
	}
}

const signed = "{type: webhook, url_env: URL, token_env: TOKEN, signing_secret_env: SECRET, headers: {X-Team: slo}}"

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://hooks.example", signed) },
		Takes: takes,
		Reads: func(t *testing.T, p notify.Parcel) string {
			var e notify.Event
			if err := json.Unmarshal(p.Body, &e); err != nil {
				t.Fatal(err)
			}
			return e.Text
		},
		Program: true,
	})
}

// takes checks what Standard Webhooks asks of a body and its id.
func takes(p notify.Parcel) error {
	var e struct {
		Type      string
		Timestamp time.Time
		Data      *json.RawMessage
	}
	switch err := json.Unmarshal(p.Body, &e); {
	case err != nil:
		return err
	case len(p.Body) > 20_000:
		return fmt.Errorf("%d bytes", len(p.Body))
	case !strings.HasPrefix(e.Type, "nines.") || e.Timestamp.IsZero():
		return fmt.Errorf("type %q at %v", e.Type, e.Timestamp)
	case p.ID == "" || strings.ContainsAny(p.ID, ". \n"):
		return fmt.Errorf("id %q", p.ID)
	}
	return nil
}

func TestGolden(t *testing.T) {
	for name, m := range map[string]notify.Message{
		"summary_en.json": notifytest.Summary(unit.English), "summary_ja.json": notifytest.Summary(unit.Japanese),
		"alert.json": notifytest.Alert(),
	} {
		parcels, err := opened(t, "https://hooks.example", signed).Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, parcels[0].Body, "", "  "); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, append(pretty.Bytes(), '\n'))
	}
}

// A receiver that follows Standard Webhooks takes what is sent, with either key.
func TestSignature(t *testing.T) {
	for _, with := range [][]byte{key, older} {
		s := httptest.NewServer(receiver(with))
		d := opened(t, s.URL, "{type: webhook, url_env: URL, token_env: TOKEN, signing_secret_env: SECRETS, headers: {X-Team: slo}}")
		for _, m := range []notify.Message{notifytest.Summary(unit.Japanese), notifytest.Long(1000), notifytest.Alert()} {
			parcels, err := d.Pack(m)
			if err != nil {
				t.Fatal(err)
			}
			if r := d.Send(t.Context(), parcels[0]); r.Outcome != notify.Sent {
				t.Errorf("%s: %s, %v", m.Headline, r.Outcome, r.Err)
			}
		}
		s.Close()
	}
}

// receiver verifies what comes, as written in the specification.
func receiver(key []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		id, at := r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp")
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
		good := false
		for one := range strings.SplitSeq(r.Header.Get("webhook-signature"), " ") {
			sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, "v1,"))
			good = good || err == nil && hmac.Equal(sum, mac.Sum(nil))
		}
		seconds, err := strconv.ParseInt(at, 10, 64)
		switch {
		case !good, err != nil, time.Unix(seconds, 0).UTC() != notifytest.At.Add(90*time.Second):
			w.WriteHeader(401)
		case r.Header.Get("Authorization") != "Bearer tk-"+notifytest.Canary, r.Header.Get("X-Team") != "slo":
			w.WriteHeader(403)
		case takes(notify.Parcel{ID: id, Body: body}) != nil || r.Header.Get("Content-Type") != "application/json":
			w.WriteHeader(400)
		default:
			w.WriteHeader(204)
		}
	}
}

// A token goes in the header that is asked for, as it is, and in no other.
func TestTokenHeader(t *testing.T) {
	for block, want := range map[string]string{
		"{type: webhook, url_env: URL, token_env: TOKEN, token_header: x-api-key}": "tk-" + notifytest.Canary + "/",
		"{type: webhook, url_env: URL, token_env: TOKEN}":                          "/Bearer tk-" + notifytest.Canary,
		"{type: webhook, url_env: URL}":                                            "/",
	} {
		got := ""
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = r.Header.Get("X-Api-Key") + "/" + r.Header.Get("Authorization")
		}))
		d := opened(t, s.URL, block)
		parcels, err := d.Pack(notifytest.Alert())
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Send(t.Context(), parcels[0]); r.Outcome != notify.Sent || got != want {
			t.Errorf("%s: %s, got %s", block, r.Outcome, got)
		}
		s.Close()
	}
}

// Of a wrong secret nothing is shown.
func TestSecrets(t *testing.T) {
	for _, name := range []string{"SHORT", "LONG", "BARE", "TOKEN"} {
		_, err := open(parsed(t, "{type: webhook, url_env: URL, signing_secret_env: "+name+"}"), env("https://hooks.example"))
		if !errors.Is(err, errSecret) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, address := range []string{"ftp://hooks.example/" + notifytest.Canary, "hooks.example", "https://me:x@hooks.example", "https://hooks.example:" + notifytest.Canary} {
		_, err := open(parsed(t, "{type: webhook, url_env: URL}"), env(address))
		if err == nil || strings.Contains(err.Error(), notifytest.Canary) {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

// A body is as large as may be, and no larger; names are values of JSON.
func TestLimits(t *testing.T) {
	const most = 20_000
	d := opened(t, "https://hooks.example", "{type: webhook, url_env: URL}")
	for _, n := range []int{most - 1, most, most + 1} {
		m := notifytest.Filled(t, n, func(m notify.Message) int { return len(notify.JSON(notify.EventOf(m))) })
		parcels, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if p := parcels[0]; takes(p) != nil || len(p.Body) > most || (p.Left > 0) != (n > most) {
			t.Errorf("%d bytes: %d rows are left out, %v", n, p.Left, takes(p))
		}
	}
	d = opened(t, "https://hooks.example", `{type: webhook, url_env: URL, template: '{"text": {{json .headline}}}'}`)
	for _, name := range notifytest.Marked() {
		parcels, err := d.Pack(notifytest.Hostile(name))
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Text string }
		if err := json.Unmarshal(parcels[0].Body, &got); err != nil || got.Text != diag.Escape(name) {
			t.Errorf("%q is read as %q, %v", name, got.Text, err)
		}
	}
}

// Text leaves rows out first, then data does, and says how many; only then data is null.
// What is there without a number carries hundreds of objectives.
func TestSize(t *testing.T) {
	const small = "{type: webhook, url_env: URL, max_bytes: 4000}"
	const large = "{type: webhook, url_env: URL, max_bytes: 1000000}"
	for _, tt := range []struct {
		block             string
		rows, slos, width int // of text, of data, and bytes of each of these
		left              bool
		dataLeft          int // at the least
		atLeast           int // bytes of the body
	}{
		{block: small, rows: 1, slos: 1, width: 100},
		{block: small, rows: 100, slos: 1, width: 100, left: true, atLeast: 3900},
		{block: small, rows: 1, slos: 13, width: 1000, dataLeft: 10, atLeast: 3000},
		{block: small, rows: 100, slos: 5, width: 1000, left: true, dataLeft: 2, atLeast: 3900},
		{block: small, rows: 1, slos: 1000, width: 10, left: true, dataLeft: 600, atLeast: 3900},
		{block: small, rows: 1, slos: 2, width: 4000, dataLeft: 2},
		{block: "{type: webhook, url_env: URL}", rows: 1, slos: 12, width: 1500},
		{block: "{type: webhook, url_env: URL}", rows: 1, slos: 100, width: 1500, dataLeft: 87, atLeast: 18_000},
		{block: large, rows: 500, slos: 600, width: 1500},
		{block: large, rows: 500, slos: 700, width: 1500, left: true, dataLeft: 30, atLeast: 998_000},
	} {
		m := notifytest.Long(tt.rows)
		row := `{"id":"` + strings.Repeat("x", tt.width-9) + `"}`
		rows := strings.TrimSuffix(strings.Repeat(row+",", tt.slos), ",")
		m.Data = []byte(`{"schema":"nines.summary/v1","need_attention":2,"slos":[` + rows + `],"alerts":[],"deploys":null}`)
		parcels, err := opened(t, "https://hooks.example", tt.block).Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		p := parcels[0]
		var got struct {
			Data *struct {
				Attention int `json:"need_attention"`
				SLOs      []any
			}
			Left map[string]int
		}
		if err := json.Unmarshal(p.Body, &got); err != nil || got.Data == nil {
			t.Fatalf("%+v: %v\n%.300s", tt, err, p.Body)
		}
		if n := got.Left["slos"]; (p.Left > 0) != tt.left || n < tt.dataLeft || n > 0 && tt.dataLeft == 0 || len(got.Data.SLOs)+n != tt.slos || len(p.Body) < tt.atLeast {
			t.Errorf("%+v: %d rows of text left out, of data %d, %v (%d bytes)", tt, p.Left, len(got.Data.SLOs), got.Left, len(p.Body))
		}
		if got.Data.Attention != 2 {
			t.Errorf("%+v: the totals are gone", tt)
		}
	}
	m := notifytest.Summary(unit.English)
	m.Data = []byte(`{"title":"` + strings.Repeat("x", 4000) + `"}`)
	parcels, err := opened(t, "https://hooks.example", small).Pack(m)
	if err != nil || !bytes.Contains(parcels[0].Body, []byte(`"data":null,"left":{}`)) || parcels[0].Left > 0 {
		t.Errorf("data without rows: %v, %v", parcels, err)
	}
}

// Of 13 objectives all are there up to 20,000 bytes. One byte more leaves out the last,
// which is the best; max_bytes has room for it again.
func TestWorstStay(t *testing.T) {
	const all = 13
	body := func(width int, block string) ([]byte, []string, int) {
		m := notify.Message{ID: "a", Kind: "summary", Headline: "x", Language: unit.English}
		var rows []string
		for i := range all {
			rows = append(rows, fmt.Sprintf(`{"id":"%02d"}`, i))
		}
		rows[0] = strings.Replace(rows[0], "00", "00"+strings.Repeat("x", width), 1)
		m.Data = []byte(`{"slos":[` + strings.Join(rows, ",") + `]}`)
		parcels, err := opened(t, "https://hooks.example", block).Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Data struct{ SLOs []struct{ ID string } }
			Left map[string]int
		}
		if err := json.Unmarshal(parcels[0].Body, &got); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, o := range got.Data.SLOs {
			ids = append(ids, o.ID[:2])
		}
		return parcels[0].Body, ids, got.Left["slos"]
	}
	const usual, raised = "{type: webhook, url_env: URL}", "{type: webhook, url_env: URL, max_bytes: 20001}"
	none, _, _ := body(0, usual)
	for n, left := range map[int]int{19_999: 0, 20_000: 0, 20_001: 1} {
		text, ids, without := body(n-len(none), usual)
		if len(text) > 20_000 || without != left || len(ids) != all-left || !slices.IsSorted(ids) {
			t.Errorf("%d bytes: got %d with %v, %d left out", n, len(text), ids, without)
		}
		if left == 0 && len(text) != n {
			t.Errorf("got %d bytes, want %d", len(text), n)
		}
		if text, ids, without = body(n-len(none), raised); without != 0 || len(ids) != all || len(text) != n {
			t.Errorf("max_bytes 20001: %d bytes, %v, %d left out", len(text), ids, without)
		}
	}
}

func TestTemplate(t *testing.T) {
	m := notifytest.Summary(unit.English)
	m.Headline, m.Data = `"quoted" <b>`, []byte(`{"objectives":[{"id":"a","spent":1.450000000000000001},{"id":"b"}]}`)
	for _, tt := range []struct{ template, want string }{
		{`{"text": {{json .headline}}}`, `{"text": "\"quoted\" <b>"}`},
		{`{{json .data}}`, string(m.Data)},
		{`[{{range $i, $o := .data.objectives}}{{if $i}},{{end}}{{json $o.id}}{{end}}]`, `["a","b"]`},
		{`{"spent": {{(index .data.objectives 0).spent}}, "state": "{{.state}}"}`, `{"spent": 1.450000000000000001, "state": "exhausted"}`},
	} {
		block := "{type: webhook, url_env: URL, template: '" + tt.template + "'}"
		parcels, err := opened(t, "https://hooks.example", block).Pack(m)
		if err != nil {
			t.Errorf("%s: %v", tt.template, err)
			continue
		}
		if string(parcels[0].Body) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.template, parcels[0].Body, tt.want)
		}
	}
	d := opened(t, "https://hooks.example", "{type: webhook, url_env: URL, template: '{{.headline}}', headers: {content-type: text/plain}}")
	if parcels, err := d.Pack(m); err != nil || string(parcels[0].Body) != m.Headline {
		t.Errorf("plain text: got %v", err)
	}
}

// What can be known to be wrong only when there is data sends nothing.
func TestTemplateFails(t *testing.T) {
	for template, want := range map[string]string{
		`{"a": {{json .data.objectives}}}`:                  `map has no entry for key "objectives"`,
		`{{with .data}}"{{.schema}}" "{{end}}`:              "is not JSON",
		`{{range .data}}"{{printf "%01100000d" 1}}"{{end}}`: "max_bytes",
	} {
		d := opened(t, "https://hooks.example", "{type: webhook, url_env: URL, template: '"+template+"'}")
		if _, err := d.Pack(notifytest.Summary(unit.English)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", template, err, want)
		}
	}
}

// Files are checked without sending.
func TestCheck(t *testing.T) {
	for block, want := range map[string]string{
		`{url_env: U, template: '{"a": {{json .headlin}}}'}`:                                 `map has no entry for key "headlin"` + "\nhint: did you mean \"headline\"?",
		`{url_env: U, template: '{"a": {{json .headline}'}`:                                  "template, line 1: ",
		`{url_env: U, template: "{{\n.headline | jsn}}"}`:                                    `function "jsn" not defined`,
		`{url_env: U, template: '{"a": "{{.headline}}"}'}`:                                   "what the template makes is not JSON\nhint: write values as {{json .headline}}",
		`{url_env: U, template: '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}'}`:    "exceeded maximum template depth",
		`{url_env: U, template: '{{range 20}}{{printf "%0999999d" 1}}{{end}}'}`:              "what the template makes is over 16 MiB\n",
		`{url_env: U, headers: {"a b": x}}`:                                                  `"a b" is not a name of a header`,
		`{url_env: U, headers: {webhook-id: x}}`:                                             "header Webhook-Id is set by nines",
		`{url_env: U, headers: {authorization: Bearer x}}`:                                   "token_env",
		`{url_env: U, headers: {X-Api-Key: hush}}`:                                           "token_header: X-Api-Key",
		`{url_env: U, headers: {Cookie: a=hush}}`:                                            "header Cookie holds a secret",
		`{url_env: U, headers: {X-Team: Bearer hush-hush}}`:                                  "header X-Team holds a secret",
		`{url_env: U, template: '{"routing_key": "hush", "a": {{json .text}}}'}`:             "template holds a secret",
		`{url_env: U, token_header: X-Api-Key}`:                                              "there is a token_header, but no token",
		`{url_env: U, token_header: "X Y", token_env: T}`:                                    `"X Y" is not a name of a header`,
		`{url_env: U, token_header: host, token_env: T}`:                                     "header Host is set by nines",
		`{url_env: U, token_header: X-Api-Key, token_file: t, headers: {X-Team: slo}}`:       "",
		`{url_env: U, headers: {X-A: "a\r\nX-B: b"}}`:                                        "holds a control character",
		`{url_env: U, max_bytes: 100}`:                                                       "leaves no room",
		`{url_env: U, template: '{{range .data.x}}{{.y}}{{end}}1'}`:                          "",
		`{url_env: U, headers: {X-A: b, Content-Type: text/plain}, template: 'a {{.text}}'}`: "",
	} {
		cfg, err := spec.ParseBlock("slos.yaml", block, ".")
		if err != nil {
			t.Fatal(err)
		}
		found := check(cfg)
		text := ""
		for _, f := range found {
			text += f.Message + "\nhint: " + f.Hint + "\n"
		}
		if (want == "") != (len(found) == 0) || !strings.Contains(text, want) {
			t.Errorf("%s: got %q, want %q", block, text, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, text := range []string{`{{json .headline}}`, `{{range .data.x}}{{.}}{{end}}`, `{{define "a"}}{{end}}{{template "a"}}`, "{{", "{{.a.b}}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, err := parse(text)
		if err != nil {
			return
		}
		body, err := form.body(sample(), true)
		if err == nil && !json.Valid(body) {
			t.Errorf("%q makes %q", text, body)
		}
	})
}

func TestAnswers(t *testing.T) {
	notifytest.Answers(t, notifytest.Summary(unit.English), notifytest.Replies(Kind().Keyed,
		notifytest.Reply{Name: "200", Status: 200, Body: "whatever", Want: notify.Sent},
		notifytest.Reply{Name: "202", Status: 202, Want: notify.Sent},
		notifytest.Reply{Name: "204", Status: 204, Want: notify.Sent},
		notifytest.Reply{Name: "410", Status: 410, Want: notify.Refused},
		notifytest.Reply{Name: "echo", Status: 400, Body: secretOf(key) + " tk-" + notifytest.Canary, Want: notify.Refused},
	), func(t *testing.T, address string) notify.Destination { return opened(t, address, signed) })
}
