package spec

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec/mask"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

const (
	maxFindings = 200     // of one file are listed; the rest is counted
	maxExcerpt  = 1 << 16 // bytes of a source line that is shown
)

// Load reads the SLO files that args name, each a file, a directory or a glob.
// A directory stands for the *.yaml, *.yml and *.json files in it and in its
// subdirectories that are of a known format, or nearly of the native one. Another
// mapping is of another tool and in Set.Skipped; what is no mapping might be a damaged
// file of ours and is refused, as is whatever is named itself and of no format. Files
// are read in the order of their names, each once. All findings of all files come back, sorted by
// position; the Set holds what is right of the rest and is to be used only if none
// is an error. Nothing outside of root is read.
func Load(root *paths.Root, args []string, known Known) (*Set, diag.List) {
	l := newLoader(known)
	found := paths.Find(root, args)
	l.found.add(found.Findings...)
	l.directories = found.Directories
	for _, in := range found.Files {
		raw, err := l.bytes(root, in)
		if err != nil {
			l.found.add(paths.Unread(in.Path, err))
			continue
		}
		l.file(in, raw)
	}
	return l.finish()
}

// bytes returns what a file holds.
func (l *loader) bytes(root *paths.Root, in paths.File) ([]byte, error) {
	if in.Path != paths.Stdin {
		return paths.Read(root, in, yaml.MaxBytes)
	}
	if l.stdin == nil {
		return nil, errors.New("there is no standard input")
	}
	return io.ReadAll(io.LimitReader(l.stdin, yaml.MaxBytes+1))
}

// findings are those of one run, in the order in which they are found.
type findings struct {
	list   diag.List
	before int // of the files before this one
}

// add adds findings, which are wide: it is not copied into all who find some.
//
//go:noinline
func (f *findings) add(found ...diag.Finding) { f.list = append(f.list, found...) }

func (f *findings) len() int { return len(f.list) }

// errorsSince tells whether there are errors behind the first n findings.
func (f *findings) errorsSince(n int) bool { return f.list[n:].Errors() }

// many tells whether this file has more findings than are listed: no guess is
// worth its time any more.
func (f *findings) many() bool { return len(f.list)-f.before > maxFindings }

// loader collects what files say.
type loader struct {
	found       findings
	kinds       kinds
	keys        []Key // of a document
	conditions  []Key // of a condition of an alert policy
	factors     map[spent]slo.Number
	formats     []Format
	readers     []Reader  // of formats that a document is of
	named       [][]Value // documents of each format that name others
	read        []docFile // to be read
	yaml        yaml.Reader
	stdin       io.Reader // nil: there is none
	keep        bool      // documents
	given       *Given    // nil: there is none
	asked       bool      // a document asks what is given
	other       string    // the type that documents ask which name no source, if it is not given
	set         *Set
	directories []string            // that were named
	ids         map[string]diag.Pos // of objectives
	report      map[string]Value    // keys of report blocks so far
	tell        *destinationReader
	zones       []string // of the documents
}

func newLoader(known Known) *loader {
	l := &loader{
		kinds: newKinds(known.Sources), keys: FileKeys(), conditions: conditionKeys(), formats: known.Formats, stdin: known.Stdin, keep: known.Keep, given: known.Given,
		set: &Set{texts: map[string]*text{}, credentials: credentials(known)},
		ids: map[string]diag.Pos{}, report: map[string]Value{}, factors: map[spent]slo.Number{},
	}
	l.tell = &destinationReader{found: &l.found, kinds: known.Destinations, named: map[string]Destination{}}
	return l
}

// docFile is a file that may be an SLO file.
type docFile struct {
	in     paths.File
	raw    []byte
	text   string // raw, once it is parsed
	parsed bool
	docs   []Value
	broken diag.List
}

// parse takes the file apart.
func (f *docFile) parse(r *yaml.Reader) {
	if f.parsed {
		return
	}
	f.parsed = true
	f.text = string(f.raw)
	f.docs, f.broken = r.Parse(f.in.Path, f.text)
	f.docs = Unlisted(f.docs)
}

// file adds a file to those that are to be read.
func (l *loader) file(in paths.File, raw []byte) {
	l.read = append(l.read, docFile{in: in, raw: raw})
}

// readFile reads the documents of a file, if there are SLOs in it.
func (l *loader) readFile(f docFile) {
	l.found.before = l.found.len()
	f.parse(&l.yaml)
	path := f.in.Path
	if f.in.Found {
		switch l.kin(f.docs, f.broken, f.raw) {
		case stranger:
			l.set.Skipped = append(l.set.Skipped, path)
			return
		case output:
			return
		case damaged:
			l.damaged(path, f.docs, f.broken, f.raw)
			return
		}
	}
	l.set.Files = append(l.set.Files, path)
	l.found.add(unmerged(f.broken, f.raw)...)
	if len(f.docs) == 0 && len(f.broken) == 0 {
		empty := diag.Errorf(diag.Pos{File: path, Line: 1, Col: 1}, "file/empty", "the file says nothing")
		l.found.add(empty.WithHint("begin it with apiVersion: %s", APIVersion))
	}
	others, docs := l.others(f.docs)
	for _, doc := range others {
		l.set.Others = append(l.set.Others, nameOf(doc))
	}
	l.set.texts[path] = l.set.text(f.text, f.docs)
	l.set.texts[path].hidden = !l.recognised(f.docs, f.broken, f.raw)
	l.documents(docs, f.in.Dir)
}

// documents reads the documents of one file of dir, and then the exclusions and gates,
// which may name what any of them promises.
func (l *loader) documents(docs []Value, dir string) {
	var read []*document
	var borne load
	for _, v := range docs {
		before := l.found.len()
		natives, format := l.native(v)
		l.keepDocuments(natives, format, l.found.list[before:])
		for _, native := range natives {
			if shared(native) {
				l.found.add(Check(native, sharedKeys())...)
				l.tell.read(native.Get("destinations"), dir, time.UTC)
				continue
			}
			d := l.newDocument(native, dir, format, &borne)
			d.read()
			l.readReport(native.Get("report"))
			l.readDestinations(native, dir, d.zone)
			l.zones = append(l.zones, d.zone.String())
			read = append(read, d)
		}
	}
	for _, d := range read {
		d.exclude(read)
		d.gates()
	}
}

// keepDocuments keeps what a document says in the native format, with what was found by that.
// Where it says nothing itself an empty document tells what was found.
func (l *loader) keepDocuments(natives []Value, in Format, losses diag.List) {
	if !l.keep {
		return
	}
	if len(natives) == 0 {
		natives = []Value{{}}
	}
	for i, native := range natives {
		d := Document{Format: in.Name, Native: native}
		if i == 0 {
			d.Losses = slices.Clone(losses)
		}
		if native.Is() {
			from := ofDocument
			d.Native, from = l.sourced(native, in)
			d.Nowhere = from == ofNobody
		}
		l.set.Documents = append(l.set.Documents, d)
	}
}

// readReport takes over a report block. Several blocks must not disagree.
func (l *loader) readReport(block Value) {
	for _, f := range block.Fields {
		if first, twice := l.report[f.Key]; twice && first.Text != f.Value.Text {
			differs := diag.Errorf(f.Value.Pos, "report/conflict", "report.%s is %s here and %s at %s",
				f.Key, diag.Quote(f.Value.Text), diag.Quote(first.Text), first.Pos)
			l.found.add(differs.WithHint("there is one report for all files: keep one of the two"))
			continue
		}
		l.report[f.Key] = f.Value
	}
}

// readDestinations takes over the destinations of a document, and who names them.
func (l *loader) readDestinations(doc Value, dir string, zone *time.Location) {
	l.tell.read(doc.Get("destinations"), dir, zone)
	l.tell.ask(doc.Get("alerts"))
	for _, entry := range doc.Get("slos").Items {
		l.tell.ask(entry.Get("alerts"))
	}
}

// reportOf returns what the report blocks say. The report's zone is theirs, or else
// the one that all services have in common, nil if there is none.
func (l *loader) reportOf() Report {
	r := Report{
		Title: l.report["title"].Text, Period: l.report["period"].Text, Language: l.report["language"].Text,
		Link: l.report["link"].Text,
		Zone: l.report["timezone"].Zone(nil),
	}
	names := slices.Compact(slices.Sorted(slices.Values(l.zones)))
	if r.Zone == nil && len(names) == 1 {
		r.Zone, _ = time.LoadLocation(names[0])
	}
	return r
}

// finish reads all files, and sorts, cuts and illustrates the findings.
func (l *loader) finish() (*Set, diag.List) {
	l.open()
	for i, f := range l.read {
		l.readFile(f)
		l.read[i] = docFile{} // the trees of many files take far more memory than what they say
	}
	l.empty()
	l.stdinTwice()
	if l.given != nil && !l.asked && !l.found.list.Errors() { // what has errors may ask it
		l.found.add(l.given.unasked(l.other))
	}
	l.set.Report = l.reportOf()
	l.set.Destinations = l.tell.settle()
	l.found.list.Sort()
	l.hideShown()
	listed := cut(l.found.list)
	l.set.Illustrate(listed)
	return l.set, listed
}

// stdinTwice refuses a source that reads standard input where SLO files do.
func (l *loader) stdinTwice() {
	if !slices.Contains(l.set.Files, paths.Stdin) {
		return
	}
	for _, o := range l.set.Objectives {
		for _, p := range o.Parts {
			if p.Source.ReadsStdin() {
				twice := diag.Errorf(p.Source.Files.Pos, "source/stdin",
					"source %s reads standard input, as the SLO files do", diag.Quote(p.Source.Name))
				l.found.add(twice.WithHint("give one of them a file"))
				return
			}
		}
	}
}

// empty reports directories in which no SLO file is.
func (l *loader) empty() {
	for _, dir := range l.directories {
		read := slices.ContainsFunc(l.set.Files, func(file string) bool { return paths.Within(dir, file) })
		refused := func(f diag.Finding) bool { return paths.Within(dir, f.Pos.File) }
		if read || slices.ContainsFunc(l.found.list, refused) {
			continue
		}
		none := diag.Errorf(diag.Pos{File: dir}, "file/none", "no SLO file in this directory")
		hint := "a file is read if its name ends in .yaml, .yml or .json and it has apiVersion: %s"
		l.found.add(none.WithHint(hint, APIVersion))
	}
}

// text is a file's.
type text struct {
	raw     string
	secrets []diag.Pos // their lines are not shown from there on
	hidden  bool       // it may be anything, such as a token: none of it is shown
}

func (s *Set) text(raw string, docs []Value) *text {
	out := &text{raw: raw}
	names := mask.New(s.credentials)
	for _, doc := range docs {
		out.secrets = append(out.secrets, names.Places(doc)...)
	}
	return out
}

// lines returns the lines of a text as they are, and without secrets.
func (s *Set) lines(t *text) (raw, shown []string) {
	text := strings.ReplaceAll(strings.TrimPrefix(t.raw, "\ufeff"), "\r\n", "\n")
	raw = strings.Split(text, "\n")
	if t.hidden {
		return raw, make([]string, len(raw))
	}
	shown = slices.Clone(raw)
	mask.New(s.credentials).Lines(shown, t.secrets)
	return raw, shown
}

// Illustrate adds to findings about the files of s the line they point to, as Load
// does to its own. No line shows a secret, nor do words that quote it.
func (s *Set) Illustrate(findings diag.List) {
	raw, shown := map[string][]string{}, map[string][]string{}
	for i, f := range findings {
		text, known := s.texts[f.Pos.File]
		if !known || f.Excerpt != "" {
			continue
		}
		if raw[f.Pos.File] == nil {
			raw[f.Pos.File], shown[f.Pos.File] = s.lines(text)
		}
		findings[i].Excerpt = excerpt(shown[f.Pos.File], f.Pos.Line)
		if strings.HasPrefix(f.Code, "yaml/") {
			findings[i] = unquoted(findings[i], raw[f.Pos.File])
		}
	}
}

// quoted is a text in quotes, as messages about YAML quote what they do not read.
var quoted = pattern.Of(`"(?:[^"\\]|\\.)+"`)

// maxSign is the length of the signs of YAML, which are no secrets: "[" or "- ".
const maxSign = 2

// unquoted returns a finding whose message quotes nothing that its excerpt hides.
func unquoted(f diag.Finding, raw []string) diag.Finding {
	if f.Pos.Line < 1 || f.Pos.Line > len(raw) || f.Excerpt == raw[f.Pos.Line-1] {
		return f
	}
	f.Message = quoted().ReplaceAllStringFunc(f.Message, func(text string) string {
		said := strings.Trim(text, `"`)
		if len(said) <= maxSign || strings.Contains(f.Excerpt, said) {
			return text
		}
		return `"***"`
	})
	return f
}

// excerpt returns a line that can be shown, "" if it cannot.
func excerpt(lines []string, number int) string {
	if number < 1 || number > len(lines) {
		return ""
	}
	if line := lines[number-1]; len(line) <= maxExcerpt && utf8.ValidString(line) {
		return line
	}
	return ""
}

// cut leaves the first findings of each file and says how many there are besides.
func cut(found diag.List) diag.List {
	var out diag.List
	for rest := found; len(rest) > 0; {
		file := rest[0].Pos.File
		n := slices.IndexFunc(rest, func(f diag.Finding) bool { return f.Pos.File != file })
		if n < 0 {
			n = len(rest)
		}
		out = append(out, rest[:min(n, maxFindings)]...)
		if n > maxFindings {
			at := rest[maxFindings].Pos
			more := diag.Warnf(at, "file/findings", "%d more findings in this file are not listed", n-maxFindings)
			if rest[maxFindings:n].Errors() {
				more.Severity = diag.Error
			}
			out = append(out, more)
		}
		rest = rest[n:]
	}
	return out
}
