package notify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"time"

	"github.com/nines-slo/nines/slo"
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
}

// EventOf returns a cleaned message as an event.
func EventOf(m Message) Event {
	e := Event{
		ID: token(m.ID), Type: "nines." + m.Kind, Timestamp: m.At.UTC(),
		Headline: m.Headline, State: m.State, Text: Plain(m), Data: json.RawMessage("null"),
	}
	if len(m.Data) > 0 {
		e.Data = m.Data
	}
	return e
}

// simple is a text that may stand in any header and in any part of a signature.
var simple = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// token returns id, or what stands for it where id is long or holds other characters
// than letters, digits, _ and -.
func token(id string) string {
	if simple.MatchString(id) {
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
