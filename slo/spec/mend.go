package spec

import (
	"slices"

	"github.com/nines-slo/nines/slo/diag"
)

// maxMendable is how many keys of one map are looked at for a misspelt one.
const maxMendable = 100

// mend reports a key of v that was likely meant to be the missing key name, and
// returns v as if that stood there, so that what depends on it is checked in the
// same run.
func (l *loader) mend(v Value, name string, keys []Key) Value {
	if v.Get(name).Kind != Missing || l.many() {
		return v
	}
	known := append([]string{name}, names(keys)...) // of two as near it is the missing one
	for i, f := range v.Fields[:min(len(v.Fields), maxMendable)] {
		if indexKey(keys, f.Key) >= 0 || diag.Nearest(f.Key, known) != name {
			continue
		}
		l.add(diag.Errorf(f.Pos, "spec/unknown-key", "unknown key %s", diag.Quote(f.Key)).WithHint("did you mean %s?", name))
		v.Fields = slices.Clone(v.Fields)
		v.Fields[i].Key = name
		break
	}
	return v
}

// mendSource mends the `source` of an sli, or of its counts.
func (d *document) mendSource(sli Value) Value {
	sli = d.mend(sli, "source", d.sliKeys)
	if sli.Get("source").Kind != Missing {
		return sli
	}
	sli.Fields = slices.Clone(sli.Fields)
	for i, f := range sli.Fields {
		if isCount(f.Key) {
			sli.Fields[i].Value = d.mend(f.Value, "source", d.sliKeys)
		}
	}
	return sli
}

// unknownKeys reports the keys of v that stand in none of keys, those of all kinds:
// what of them a source may have whose kind is not known, nobody can tell.
func (l *loader) unknownKeys(v Value, keys []Key) {
	for _, f := range v.Fields {
		switch {
		case indexKey(keys, f.Key) >= 0:
		case l.many():
			l.add(diag.Errorf(f.Pos, "spec/unknown-key", "unknown key %s", diag.Quote(f.Key)))
		default:
			l.add(unknownKey(f, keys))
		}
	}
}

// many tells whether this file has more findings than are listed: no guess is
// worth its time any more.
func (l *loader) many() bool { return len(l.findings)-l.before > maxFindings }

// unionKeys returns the keys that of returns for any of kinds, each once.
func unionKeys(kinds []SourceKind, of func(SourceKind) []Key) []Key {
	var all []Key
	for _, kind := range kinds {
		for _, k := range of(kind) {
			if indexKey(all, k.Name) < 0 {
				all = append(all, k)
			}
		}
	}
	return all
}

// anySLI returns the keys of an sli on a source of any kind.
func anySLI(kinds []SourceKind) []Key {
	keys := unionKeys(kinds, sliKeys)
	for _, count := range []Count{Good, Bad, Total} {
		if indexKey(keys, string(count)) < 0 {
			keys = append(keys, Key{Name: string(count)})
		}
	}
	return keys
}
