// Package tsdb reads the data folder of a Prometheus server, or one block of it: what a backup
// or a snapshot holds, or what a server works on. It writes nothing, and takes no lock.
//
// The samples are those that a server would find that is started on the folder: of its
// blocks, of the write-ahead log and of the head's chunks behind them, with those that came
// out of order, and without what was deleted. Of two samples of one series and time
// that of the block counts that begins first, then one of the head that came late. Exemplars
// and metadata are not read, and neither are snapshots of the memory, whose samples are
// in the log.
package tsdb

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/tally"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

const kindName = "tsdb"

// Kind returns the kind `type: tsdb`.
func Kind() sources.Kind {
	return sources.Kind{SourceKind: spec.SourceKind{
		Name:  kindName,
		Doc:   "The data folder of a Prometheus server, or one block of it, read without the server.",
		Keys:  keys(),
		SLI:   tally.Keys(),
		Check: check,
		Step:  tally.StepOf,
		Files: func(source spec.Block) spec.Value { return source.Get("path") },
	}, Open: open}
}

func keys() []spec.Key {
	path := spec.Key{
		Name: "path", Type: spec.Text, Required: true, Example: "/var/lib/prometheus/data",
		Doc: "Data folder of a server, a backup or a snapshot of it, or one block; relative to this file.",
	}
	return append([]spec.Key{path}, tally.SourceKeys()...)
}

// check finds what keys cannot say.
func check(source, sli spec.Block) diag.List {
	var findings diag.List
	v := source.Get("path")
	switch {
	case v.Text == "-":
		findings = append(findings, diag.Errorf(v.Pos, "input/path", "path \"-\": a folder cannot come from standard input"))
	case strings.Contains(v.Text, "://"): // not shown: it may name a user
		findings = append(findings, diag.Errorf(v.Pos, "input/path", "the path is an address: a folder is read").
			WithHint("type: prometheus asks a server"))
	}
	findings = append(findings, tally.CheckSource(source, kindName)...)
	if sli.Is() {
		findings = append(findings, tally.Check(source, sli, kindName)...)
	}
	return findings
}

func open(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
	if found := check(cfg, spec.Block{}); found.Errors() {
		return nil, found
	}
	return &source{block: cfg, env: env}, nil
}

// source answers requests from a folder.
type source struct {
	block spec.Block
	env   sources.Env
}

// Fetch looks at the folder anew.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	path := s.block.Get("path")
	f, err := s.folder(path)
	if err != nil {
		return err
	}
	store, err := Open(f)
	if err != nil {
		return err
	}
	in := sources.Input{Name: path.Text}
	if s.env.Digest {
		if in.Digest, err = store.digest(ctx); err != nil {
			return err
		}
	}
	config := tally.NewConfig(s.block, s.env, kindName)
	config.Digest = false // that of the folder stands for it
	return tally.Fetch(ctx, store, config, reqs, func(a sources.Answer) {
		if a.Err == nil {
			in.Rows = cmp.Or(in.Rows, store.samples) // the same for all, though more may be asked
			a.Inputs = []sources.Input{in}
			a.Notes = append(a.Notes, store.notes(path.Pos)...)
		}
		emit(a)
	})
}

// folder returns the folder that a path names, if it may be read.
func (s *source) folder(path spec.Value) (folder.Folder, error) {
	dir := path.Text
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(s.block.Dir, dir)
	}
	refuse := func(code, format string, args ...any) (folder.Folder, error) {
		return folder.Folder{}, diag.List{diag.Errorf(path.Pos, code, format, args...)}
	}
	opened, err := s.env.Root.Open(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		found := diag.Errorf(path.Pos, "input/missing", "path %q: there is no such folder", path.Text)
		return folder.Folder{}, diag.List{found.WithHint("a path in an SLO file is relative to its folder")}
	case folder.Unsafe(err):
		return refuse("input/unsafe", "path %q is not read: %v", path.Text, paths.Reason(err))
	case err != nil:
		return refuse("input/unread", "path %q cannot be read: %v", path.Text, paths.Reason(err))
	}
	defer opened.Close()
	if info, err := opened.Stat(); err == nil && !info.IsDir() {
		return refuse("input/folder", "path %q is a file: name the folder, or the block, that it lies in", path.Text)
	}
	return folder.New(s.env.Root, dir, path.Text), nil
}

// notes says what is to be known of the folder.
func (s *Store) notes(pos diag.Pos) []diag.Finding {
	if s.head == nil || s.head.Torn() == "" {
		return nil
	}
	return []diag.Finding{diag.Warnf(pos, kindName+"/torn", "%s ends within a record, as the log of a server does "+
		"that runs, or was stopped hard: what comes before it was read", s.head.Torn())}
}

// digest returns the sum of all files that are read: their names, lengths and contents.
func (s *Store) digest(ctx context.Context) (string, error) {
	var files []string
	for _, b := range s.blocks {
		names := []string{"meta.json", "index", "tombstones"}
		chunks, err := s.folder.Sub(b.dir).Sub("chunks").List()
		if err != nil {
			return "", err
		}
		for _, name := range chunks {
			names = append(names, "chunks/"+name)
		}
		for _, name := range names {
			files = append(files, filepath.Join(b.dir, name))
		}
	}
	if s.head != nil {
		more, err := s.head.Files()
		if err != nil {
			return "", err
		}
		files = append(files, more...)
	}
	slices.Sort(files)
	return s.folder.Digest(ctx, files)
}

var _ sample.Store = (*Store)(nil)
