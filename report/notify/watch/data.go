package watch

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nines-slo/nines/report/notify"
)

// Schema is the version of the JSON form of a message about alerts. Changes within a
// version only add.
const Schema = "nines.alert/v1"

// Data is a message about alerts for programs.
type Data struct {
	Schema   string          `json:"schema"`
	At       time.Time       `json:"at"`       // of which instant it tells
	Headline string          `json:"headline"` // the whole message in one line
	Changes  []notify.Change `json:"changes"`
}

// dataOf returns a message as JSON, in UTC.
func dataOf(m notify.Message) []byte {
	d := Data{Schema: Schema, At: m.At.UTC(), Headline: m.Headline, Changes: []notify.Change{}}
	for _, c := range m.Changes {
		c.Since, c.Until, c.Blind = c.Since.UTC(), c.Until.UTC(), c.Blind.UTC()
		d.Changes = append(d.Changes, c)
	}
	text, _ := json.Marshal(d) // of texts, numbers and times alone
	return text
}

// Read reads the JSON form of a message about alerts.
func Read(text []byte) (*Data, error) {
	d := new(Data)
	if err := json.Unmarshal(text, d); err != nil {
		return nil, err
	}
	if d.Schema != Schema {
		return nil, fmt.Errorf("this is %q, not %q", d.Schema, Schema)
	}
	return d, nil
}
