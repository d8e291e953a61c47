// Package server has what all ways to ask a server of Prometheus' API have in common: its
// address, how its words are shown, and how patient its callers are.
package server

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
)

// URL returns the address of a path, such as query, below api/v1 of a server whose address is
// base: the path of that stays as it is written, escapes too, but for an api/v1 at its end,
// and so does its query.
func URL(base *url.URL, path string) *url.URL {
	out := *base
	out.Fragment, out.RawFragment = "", ""
	prefix := strings.TrimSuffix(strings.TrimRight(base.EscapedPath(), "/"), "/api/v1")
	out.RawPath = prefix + "/api/v1/" + path
	out.Path, _ = url.PathUnescape(out.RawPath) // what EscapedPath returned can be unescaped
	return &out
}

// Attempts is how often an answer that breaks off is asked for.
const Attempts = 3

// TooDead is how many requests may fail before a server that never answered is asked no
// more.
const TooDead = 3

// Pause waits one to two seconds for each attempt that was made, not at all where ctx ends
// before.
func Pause(ctx context.Context, attempt int) error {
	length := time.Duration((1 + rand.Float64()) * float64(attempt) * float64(time.Second))
	if !sources.Waits(ctx, length) {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// MaxShown is how many characters of a server's words are shown.
const MaxShown = 300

// Shown makes one line of a server's words, without what hide takes out of them.
func Shown(text string, hide func(string) string) string {
	text = strings.Join(strings.Fields(hide(strings.ToValidUTF8(text, "\uFFFD"))), " ")
	return diag.Cut(diag.Escape(text), MaxShown, "…")
}
