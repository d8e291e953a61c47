package slip

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
)

// aName is what a service or an objective may be called, and hardly a file.
var aName = pattern.Of(`^[\pL\pN][\pL\pN_-]*(/[\pL\pN][\pL\pN_-]*)?$`)

// isData tells whether a name is one of data rather than of an SLO file.
func isData(file string) bool {
	known := []string{".csv", ".tsv", ".log", ".ndjson", ".jsonl", ".gz", ".zst", ".xlsx"}
	return slices.Contains(known, filepath.Ext(file))
}

// nearFile returns a path that is there and whose name, of the file or of its first folder
// that is not there, is almost the same; "" if there is none.
func nearFile(path string) string {
	if filepath.IsAbs(path) {
		return ""
	}
	parts := strings.Split(filepath.ToSlash(filepath.Clean(path)), "/")
	for i := range parts {
		if _, err := os.Lstat(filepath.Join(parts[:i+1]...)); err == nil {
			continue
		}
		entries, _ := os.ReadDir(filepath.Join(append([]string{"."}, parts[:i]...)...))
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		parts[i] = diag.Nearest(parts[i], names)
		near := filepath.Join(parts...)
		if _, err := os.Lstat(near); parts[i] == "" || err != nil {
			return ""
		}
		return near
	}
	return ""
}

// Lead adds to arguments that name nothing what may have been meant.
func Lead(findings diag.List, args []string) {
	for i, f := range findings {
		if !slices.Contains(args, f.Pos.File) {
			continue
		}
		if isData(f.Pos.File) && f.Code != "file/none" {
			findings[i] = f.WithHint("this looks like data: nines init --template table writes an SLO file "+
				"for tables, nines init --from-log %s one for a log", f.Pos.File)
			continue
		}
		if _, err := os.Lstat(f.Pos.File); err == nil || f.Pos.Line > 0 || f.Hint != "" {
			continue
		}
		hint := "name an SLO file, or write one with nines init"
		if near := nearFile(f.Pos.File); near != "" {
			hint = "did you mean " + near + "?"
		} else if aName().MatchString(f.Pos.File) {
			hint = "what stands here names SLO files and folders; --only " + f.Pos.File +
				" selects objectives and services"
		}
		findings[i] = f.WithHint("%s", hint)
	}
}
