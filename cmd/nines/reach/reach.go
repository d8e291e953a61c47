// Package reach keeps the secrets that SLO files name on their way: to the hosts that
// whoever runs the program allows, and without such a list to those that the same entry
// of a file names.
package reach

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// Entry is a source or a destination, as far as it goes to hosts.
type Entry struct {
	What  string // "source" or "destination"
	Name  string
	Pos   diag.Pos
	block spec.Block
	held  []spec.Held
	goals []hosts.Goal
}

// Destination returns the entry of a destination.
func Destination(d spec.Destination, k spec.DestinationKind) Entry {
	return entry("destination", d.Name, d.Pos, d.Block, k.Keys, k.Goals)
}

// Source returns the entry of a source.
func Source(s *spec.Source, k spec.SourceKind) Entry {
	e := entry("source", s.Name, s.Block.Pos, s.Block, k.Keys, k.Goals)
	if k.Holds != nil {
		e.held = append(e.held, k.Holds(s.Block)...)
	}
	return e
}

func entry(
	what, name string, pos diag.Pos, block spec.Block, keys []spec.Key, goals func(spec.Block) []hosts.Goal,
) Entry {
	e := Entry{What: what, Name: name, Pos: pos, block: block, held: block.Held(keys)}
	if goals != nil {
		e.goals = goals(block)
	}
	return e
}

// Sources returns the sources that the objectives of a set ask, each once.
func Sources(set *spec.Set, kinds []spec.SourceKind) []Entry {
	var out []Entry
	var seen []*spec.Source
	for _, o := range set.Objectives {
		for _, p := range o.Parts {
			i := slices.IndexFunc(kinds, func(k spec.SourceKind) bool { return k.Name == p.Source.Type })
			if i >= 0 && !p.Source.Nowhere && !slices.Contains(seen, p.Source) {
				seen = append(seen, p.Source)
				out = append(out, Source(p.Source, kinds[i]))
			}
		}
	}
	return out
}

// Of returns the sources and the destinations of a set.
func Of(set *spec.Set, known spec.Known) []Entry {
	out := Sources(set, known.Sources)
	for _, d := range set.Destinations {
		for _, k := range known.Destinations {
			if k.Name == d.Type {
				out = append(out, Destination(d, k))
			}
		}
	}
	return out
}

// Variables returns the variables that hold the secrets of a set, and others.
func Variables(set *spec.Set, known spec.Known, others ...string) []string {
	out := others
	for _, e := range Of(set, known) {
		for _, h := range e.held {
			if h.Variable != "" {
				out = append(out, h.Variable)
			}
		}
	}
	return out
}

// Resolved returns the entry with the hosts that its secrets name, which are read for that.
func (e Entry) Resolved(getenv func(string) string, root *paths.Root) (Entry, error) {
	e.goals = slices.Clone(e.goals)
	for i, g := range e.goals {
		if g.Secret == "" {
			continue
		}
		u, err := notify.Address(e.block, g.Secret, notify.Env{Getenv: getenv, Root: root})
		if err != nil {
			return e, err
		}
		e.goals[i] = hosts.Goal{Host: hosts.Of(u), Bare: g.Bare, Takes: g.Takes}
	}
	return e, nil
}

// Refused returns a finding for each host that the secrets of an entry would go to, and
// that a list does not allow.
func (e Entry) Refused(list hosts.List) diag.List {
	var out diag.List
	for _, g := range e.goals {
		if g.Secret != "" || !g.Host.Is() || e.may(g, list) {
			continue
		}
		var secrets []string
		for _, h := range e.held {
			if g.Has(h.Key) {
				secrets = append(secrets, h.Key+" ("+h.From+")")
			}
		}
		other := diag.Errorf(e.Pos, "host/not-allowed",
			"%s %s may not take %s to %s: --allow-host and NINES_HOSTS name other hosts",
			e.What, diag.Quote(e.Name), strings.Join(secrets, ", "), g.Host)
		out = append(out, other.WithHint("--allow-host %s or NINES_HOSTS allows it", g.Host))
	}
	return out
}

// may tells whether a list lets an entry go where its file says.
func (e Entry) may(g hosts.Goal, list hosts.List) bool {
	taken := slices.ContainsFunc(e.held, func(h spec.Held) bool { return g.Has(h.Key) })
	return list == nil || !taken || list.Allows(g.Host)
}
