package teams

import (
	"bytes"
	"errors"

	"github.com/nines-slo/nines/report/notify"
)

// connectorFailed stands in the answer of a connector that could not post, although
// its status is 200. A status follows.
const connectorFailed = "Microsoft Teams endpoint returned HTTP error"

// connectorReceipt judges such an answer.
func connectorReceipt(c notify.Call, a notify.Answer) notify.Receipt {
	r := notify.Receipt{Outcome: notify.Refused, Err: errors.New(c.URL.Host + " did not post it" + c.Quote(a.Body))}
	_, status, _ := bytes.Cut(a.Body, []byte(connectorFailed))
	switch status = bytes.TrimSpace(status); {
	case bytes.HasPrefix(status, []byte("429")):
		r.Outcome = notify.Failed
	case bytes.HasPrefix(status, []byte("5")):
		r.Outcome = notify.Unknown
	}
	return r
}
