package notify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/pattern"
)

// Event is a message as programs get it.
type Event struct {
	ID        string          `json:"id"`   // the same whenever this message is sent: who has seen it, has it
	Type      string          `json:"type"` // "nines.summary" or "nines.alert"
	Timestamp time.Time       `json:"timestamp"`
	Headline  string          `json:"headline"`
	State     slo.State       `json:"state"` // "" for none
	Text      string          `json:"text"`  // the whole message, for people
	Data      json.RawMessage `json:"data"`  // the model; null if it has no room
	Left      map[string]int  `json:"left"`  // how many rows of lists of data had no room, by the list's name
}

// EventOf returns a cleaned message as an event.
func EventOf(m Message) Event {
	e := Event{
		ID: token(m.ID), Type: "nines." + m.Kind, Timestamp: m.At.UTC(),
		Headline: m.Headline, State: m.State, Text: Plain(m), Data: json.RawMessage("null"), Left: map[string]int{},
	}
	if len(m.Data) > 0 {
		e.Data = m.Data
	}
	return e
}

// EventWithin returns what of m fit takes as an event, cleaned, and how many rows of its
// text are left out. These go first; then the last rows of the lists of data, of which
// Left says how many; then data is null.
func EventWithin(m Message, fit func(Event) bool) (Event, int) {
	var left map[string]int
	pack := func(m Message) Event {
		e := EventOf(m)
		if len(left) > 0 {
			e.Left = left
		}
		return e
	}
	whole, rows := within(m, func(m Message) bool { return fit(pack(m)) }, Clean)
	if len(m.Data) == 0 || fit(pack(whole)) {
		return pack(whole), rows
	}
	all, bare := modelOf(m.Data), Clean(m.first(0), 1000)
	fits := func(most int) bool {
		bare.Data, left = all.first(most)
		return fit(pack(bare))
	}
	most := sort.Search(all.longest(), func(n int) bool { return !fits(n) }) - 1
	if m.Data, left = nil, nil; most >= 0 {
		m.Data, left = all.first(most)
	}
	whole, rows = within(m, func(m Message) bool { return fit(pack(m)) }, Clean)
	return pack(whole), rows
}

// model is one as JSON, taken apart.
type model struct {
	fields map[string]json.RawMessage
	lists  map[string][]json.RawMessage // those of fields that are lists with rows
}

func modelOf(data []byte) model {
	m := model{lists: map[string][]json.RawMessage{}}
	if json.Unmarshal(data, &m.fields) != nil {
		return m
	}
	for name, text := range m.fields {
		var list []json.RawMessage
		if json.Unmarshal(text, &list) == nil && len(list) > 0 {
			m.lists[name] = list
		}
	}
	return m
}

// longest returns how many rows the longest list has.
func (m model) longest() int {
	n := 0
	for _, list := range m.lists {
		n = max(n, len(list))
	}
	return n
}

// first returns a model with at most so many rows in each of its lists, and how many are
// left out.
func (m model) first(most int) (json.RawMessage, map[string]int) {
	fields, left := maps.Clone(m.fields), map[string]int{}
	for name, list := range m.lists {
		if len(list) > most {
			fields[name], left[name] = JSON(list[:most]), len(list)-most
		}
	}
	return JSON(fields), left
}

// simple is a text that may stand in any header and in any part of a signature.
var simple = pattern.Of(`^[A-Za-z0-9_-]{1,64}$`)

// token returns id, or what stands for it where id is long or holds other characters
// than letters, digits, _ and -.
func token(id string) string {
	if simple().MatchString(id) {
		return id
	}
	return Hash(id)
}

// Hash returns what stands for a text of any length: 32 hexadecimal digits.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// JSON returns v as JSON in one line, without the escapes that only pages of HTML need.
// It is for values of this program, all of which have a form.
func JSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
