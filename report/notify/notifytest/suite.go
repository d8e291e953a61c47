package notifytest

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/pattern"
)

// Canary is what every secret of a destination under test holds.
const Canary = "canary-5f1c9a77"

// Suite tries a destination.
type Suite struct {
	// Open returns the destination anew. Its secrets hold Canary.
	Open func(t *testing.T) notify.Destination
	// Takes tells whether the place takes a parcel as it goes out: its form is the
	// place's own and it is within all of its limits. It says what is wrong.
	Takes func(p notify.Parcel) error
	// Reads returns what a reader of a parcel sees, without marks: where a text of
	// the message stands, it stands as it is, but for notify.Apart.
	Reads func(t *testing.T, p notify.Parcel) string
	// AlertOnly tells that the place takes no summaries.
	AlertOnly bool
	// Program tells that the place is a program: it gets texts as they are, and has room
	// for any message that people read.
	Program bool
}

// Run tries it.
func Run(t *testing.T, s Suite) {
	t.Run("says it all", s.saysItAll)
	t.Run("same bytes", s.sameBytes)
	t.Run("long", s.long)
	t.Run("hostile", s.hostile)
	t.Run("no secrets", s.noSecrets)
}

// messages are those that people get.
func (s Suite) messages() []notify.Message {
	if s.AlertOnly {
		return []notify.Message{Alert()}
	}
	return []notify.Message{Summary(unit.English), Summary(unit.Japanese), Alert()}
}

// pack returns the parcels of a message, each taken by the place.
func (s Suite) pack(t *testing.T, m notify.Message) []notify.Parcel {
	t.Helper()
	parcels, err := s.Open(t).Pack(m)
	if err != nil {
		t.Fatalf("%.60q: %v", m.Headline, err)
	}
	for _, p := range parcels {
		if err := s.Takes(p); err != nil {
			t.Errorf("%.60q: the place does not take it: %v", m.Headline, err)
		}
	}
	return parcels
}

// Headline, names, notes and links stand in what is read.
func (s Suite) saysItAll(t *testing.T) {
	for _, m := range s.messages() {
		for _, p := range s.pack(t, m) {
			seen := Seen(s.Reads(t, p))
			if s.AlertOnly {
				continue // a pager's parcel is of one change
			}
			want := append([]string{m.Headline}, m.Notes...)
			for _, section := range m.Sections {
				for _, r := range section.Rows {
					want = append(want, append([]string{section.Title, r.Name, r.Text}, r.More...)...)
				}
			}
			for _, text := range want {
				if !strings.Contains(seen, text) {
					t.Errorf("%q is not in what is read:\n%s", text, seen)
				}
			}
		}
	}
}

func (s Suite) sameBytes(t *testing.T) {
	for _, m := range s.messages() {
		first, second := s.pack(t, m), s.pack(t, m)
		for i := range first {
			if !bytes.Equal(first[i].Body, second[i].Body) || first[i].ID != second[i].ID {
				t.Errorf("%q: two bodies of one message differ", m.Headline)
			}
		}
	}
}

// Messages of any size go out, with headline and link, and say what had no room.
func (s Suite) long(t *testing.T) {
	if s.AlertOnly {
		return
	}
	for _, n := range []int{0, 1, 10, 50, 100, 1000} {
		for _, p := range s.pack(t, Long(n)) {
			seen := Seen(s.Reads(t, p))
			if !strings.Contains(seen, Long(n).Headline) {
				t.Errorf("%d rows: the headline is not there", n)
			}
			if n == 1000 && p.Left == 0 && !s.Program {
				t.Errorf("%d rows: all of them had room", n)
			}
		}
	}
	for _, n := range []int{100, 140, 149, 150, 151, 255, 256, 257, 1023, 1024, 1025, 1999, 2000, 2001, 2999, 3000, 3001, 4095, 4096, 16384, 50000} {
		s.pack(t, Wide(n))
	}
}

// Whatever names hold, the place takes it, and people see no link but those of the
// message.
func (s Suite) hostile(t *testing.T) {
	for _, text := range slices.Concat(reporttest.HostileTexts(), Marked(), Addresses()) {
		m := Hostile(text)
		for _, p := range s.pack(t, m) {
			seen := strings.ReplaceAll(s.Reads(t, p), m.Links[0].URL, "")
			if found := linked().FindString(seen); found != "" && !s.Program && !s.AlertOnly { // rules of pagers read names as they are
				t.Errorf("%q: a client makes a link of %q in\n%s", text, found, seen)
			}
		}
	}
}

// linked is what clients make links of, more than any of them does.
var linked = pattern.Of(`(?i)[a-z][a-z0-9+.-]*://[^\s]|\bwww\d{0,3}\.[^\s]|[\w.+-]@[\w-]+\.\w|` +
	`(mailto|tel|sms|file|skype):[^\s]|(^|[^\\])\\\\\w|[\pL\d]\.(com|net|org|io|dev|app|co|jp|de|shop|page|sh|md|рф)\b`)

// Seen returns a text as people see it.
func Seen(text string) string { return strings.ReplaceAll(text, notify.Apart, "") }

// No parcel and no receipt shows a secret.
func (s Suite) noSecrets(t *testing.T) {
	for _, m := range s.messages() {
		for _, p := range s.pack(t, m) {
			if bytes.Contains(p.Body, []byte(Canary)) || strings.Contains(p.ID+p.Part, Canary) {
				t.Errorf("%q: the parcel shows a secret:\n%s", m.Headline, p.Body)
			}
		}
	}
}

// Reply is what a place answers, or does instead.
type Reply struct {
	Name    string
	Status  int
	Header  http.Header
	Body    string
	Slow    bool // no answer before the deadline
	Cut     bool // the connection ends within the answer
	Reset   bool // the connection ends before the answer
	Refused bool // nobody listens

	Want notify.Outcome
	Wait time.Duration
}

// Replies are what any place that speaks HTTP may do: rest are its own.
func Replies(keyed bool, rest ...Reply) []Reply {
	all := []Reply{
		{Name: "429 with seconds", Status: 429, Header: http.Header{"Retry-After": {"7"}}, Want: notify.Failed, Wait: 7 * time.Second},
		{Name: "400", Status: 400, Body: "bad " + Canary, Want: notify.Refused},
		{Name: "401", Status: 401, Want: notify.Refused},
		{Name: "404", Status: 404, Want: notify.Refused},
		{Name: "413", Status: 413, Want: notify.Refused},
		{Name: "moved", Status: 302, Header: http.Header{"Location": {"https://elsewhere.example/"}}, Want: notify.Refused},
		{Name: "500", Status: 500, Want: notify.Unknown},
		{Name: "503", Status: 503, Want: notify.Unknown},
		{Name: "slow", Slow: true, Want: notify.Unknown},
		{Name: "cut off", Status: 200, Cut: true, Want: notify.Unknown},
		{Name: "reset", Reset: true, Want: notify.Unknown},
		{Name: "nobody listens", Refused: true, Want: notify.Failed},
	}
	return append(all, rest...)
}

// Answers tries what a destination makes of replies. open returns one that sends to a
// server at address, whose secrets hold Canary; the messages' first parcel is sent.
func Answers(t *testing.T, m notify.Message, replies []Reply, open func(t *testing.T, address string) notify.Destination) {
	for _, r := range replies {
		t.Run(r.Name, func(t *testing.T) {
			server := serve(t, r)
			d := open(t, server.URL)
			parcels, err := d.Pack(m)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience(r))
			defer cancel()
			got := d.Send(ctx, parcels[0])
			if got.Outcome != r.Want || got.Wait != r.Wait {
				t.Errorf("got %s after %s (%v), want %s after %s", got.Outcome, got.Wait, got.Err, r.Want, r.Wait)
			}
			if (got.Err == nil) != (got.Outcome == notify.Sent) {
				t.Errorf("outcome %s comes with error %v", got.Outcome, got.Err)
			}
			if got.Err != nil && strings.Contains(got.Err.Error(), Canary) {
				t.Errorf("the error shows a secret: %v", got.Err)
			}
			if server.asked() > 1 {
				t.Errorf("the destination tried %d times", server.asked())
			}
		})
	}
}
