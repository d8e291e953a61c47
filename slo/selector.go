package slo

import (
	"path"
	"slices"
	"strings"
)

// Selector chooses objectives: each term is a service, a name, service/name or
// label=value, in which globs work, or what ID returns. Empty chooses all.
type Selector []string

// Takes tells whether s is chosen. Labels named by per come with the data: until
// they are known, an objective that they could choose is taken.
func (sel Selector) Takes(s SLO, per []string) bool {
	return len(sel) == 0 || slices.ContainsFunc(sel, func(term string) bool { return takes(term, s, per) })
}

// Idle returns the terms that choose nothing, each once: taken tells of a selector
// whether it chooses something.
func (sel Selector) Idle(taken func(Selector) bool) []string {
	var out []string
	for _, term := range sel {
		if !slices.Contains(out, term) && !taken(Selector{term}) {
			out = append(out, term)
		}
	}
	return out
}

func takes(term string, s SLO, per []string) bool {
	if term == s.Name || term == s.Service+"/"+s.Name { // also a name with { or =
		return true
	}
	name, _, exact := strings.Cut(term, "{")
	if exact && len(per) == 0 {
		return term == s.ID()
	}
	label, value, isLabel := strings.Cut(name, "=")
	if isLabel {
		got, has := s.Labels[label]
		return has && Globs(value, got) || !has && slices.Contains(per, label)
	}
	return Globs(name, s.Service) || Globs(name, s.Name) || Globs(name, s.Service+"/"+s.Name)
}

// Globs tells whether text fits pattern. A * stands for any text: names may hold
// slashes, which path.Match would stop at.
func Globs(pattern, text string) bool {
	flat := strings.NewReplacer("/", "\x00")
	ok, err := path.Match(flat.Replace(pattern), flat.Replace(text))
	return pattern == text || err == nil && ok
}
