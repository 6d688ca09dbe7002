package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"

	"parley/internal/bargain"
)

// DefaultGrid is the number of values a real-valued issue is read as where the caller does not say.
const DefaultGrid = 21

// Reader reads scenarios. The zero value is good.
type Reader struct {
	// Grid is the number of values, ends included, that an issue of real numbers is read as. 0 means DefaultGrid.
	Grid int
}

// File is a file by name and content.
type File struct {
	Name string
	Data []byte
}

// Read reads one scenario from files and folders of a file system: one file of Parley's own or CSV, or the domain and
// the profiles of another tool. Of a folder every file is looked at, but not its subfolders. Where profiles are named
// one by one, these are the parties, in that order; the domain is then also looked for beside them.
//
// The error is a *Fault, or a *Variants where a folder holds more profiles than can meet.
func Read(fsys fs.FS, names ...string) (*Scenario, []Warning, error) {
	return Reader{}.Read(fsys, names...)
}

// Read is as the function Read.
func (r Reader) Read(fsys fs.FS, names ...string) (*Scenario, []Warning, error) {
	if len(names) == 0 {
		names = []string{"."}
	}
	var named, beside []File
	seen := map[string]bool{}
	for _, name := range names {
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return nil, nil, fault(Place{File: name}, "cannot be opened: %v", plain(err))
		}
		if info.IsDir() {
			fs_, err := readFolder(fsys, name)
			if err != nil {
				return nil, nil, err
			}
			named = append(named, fs_...)
			continue
		}
		f, err := readFile(fsys, name)
		if err != nil {
			return nil, nil, err
		}
		named = append(named, f)
		if dir := path.Dir(name); !seen[dir] {
			seen[dir] = true
			others, err := readFolder(fsys, dir)
			if err == nil {
				beside = append(beside, others...)
			}
		}
	}
	return r.ReadFiles(names[0], named, beside)
}

// plain drops the operation and path that fs errors repeat.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func readFile(fsys fs.FS, name string) (File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return File{}, fault(Place{File: name}, "cannot be opened: %v", plain(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return File{}, fault(Place{File: name}, "cannot be read: %v", plain(err))
	}
	if len(data) > maxFileBytes {
		return File{}, fault(Place{File: name}, "the file is larger than %d MB", maxFileBytes>>20)
	}
	return File{name, data}, nil
}

// readFolder reads the files of a folder that could be part of a scenario, by name. The folder of a multi-deal scenario
// keeps its further profiles in "edges", which is read too.
func readFolder(fsys fs.FS, dir string) ([]File, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fault(Place{File: dir}, "the folder cannot be read: %v", plain(err))
	}
	sort.Slice(entries, func(i, j int) bool { return natural(entries[i].Name(), entries[j].Name()) })
	var out []File
	total := 0
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.IsDir() {
			if e.Name() == "edges" {
				more, err := readFolder(fsys, name)
				if err != nil {
					return nil, err
				}
				out = append(out, more...)
			}
			continue
		}
		switch strings.ToLower(path.Ext(e.Name())) {
		case ".xml", ".json", ".yaml", ".yml", ".csv":
		default:
			continue
		}
		f, err := readFile(fsys, name)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
		if total += len(f.Data); total > 4*maxFileBytes || len(out) > maxFiles {
			return nil, fault(Place{File: dir}, "the folder holds more than %d files or %d MB; name the ones that belong together", maxFiles, 4*maxFileBytes>>20)
		}
	}
	return out, nil
}

// natural orders "util2" before "util10".
func natural(a, b string) bool {
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da != "" && db != "" {
			if x, y := strings.TrimLeft(da, "0"), strings.TrimLeft(db, "0"); x != y {
				if len(x) != len(y) {
					return len(x) < len(y)
				}
				return x < y
			}
			a, b = a[len(da):], b[len(db):]
			continue
		}
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		a, b = a[1:], b[1:]
	}
	return len(a) < len(b)
}

func digits(s string) string {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n]
}

// role is what a file is to a scenario.
type role int

const (
	stranger  role = iota // not part of a scenario; said so
	reference             // results or remarks kept beside a scenario; passed over silently
	whole                 // a scenario by itself
	domain
	profile
)

// parsedFile is a file after its syntax was read.
type parsedFile struct {
	name   string
	format Format
	role   role
	why    string // of a stranger
	xml    *element
	tree   *node
	data   []byte
	err    error
}

// ReadFiles reads one scenario from files already in memory, such as an upload: named are the files asked for, beside
// are those in which a domain may be found. The name is used where no single file can be blamed.
func (r Reader) ReadFiles(name string, named, beside []File) (*Scenario, []Warning, error) {
	if r.Grid == 0 {
		r.Grid = DefaultGrid
	}
	if r.Grid < 2 || r.Grid > 10001 {
		return nil, nil, fault(Place{File: name}, "a grid of %d values is outside 2 to 10,001", r.Grid)
	}
	n := &notes{}
	s, err := r.readFiles(name, named, beside, n)
	if err != nil {
		return nil, n.all(), err
	}
	return s, n.all(), nil
}

func (r Reader) readFiles(name string, named, beside []File, n *notes) (*Scenario, error) {
	files := make([]parsedFile, 0, len(named))
	for _, f := range named {
		p := sniff(f, n)
		if p.err != nil {
			return nil, p.err // it may have been a party's, so it is not left aside
		}
		if p.role == stranger {
			n.add(Place{File: p.name}, "the file is left aside: %s", p.why)
			continue
		}
		files = append(files, p)
	}
	format, err := oneFormat(name, files)
	if err != nil {
		return nil, err
	}
	var domains, profiles []parsedFile
	for _, f := range files {
		switch f.role {
		case whole:
			if len(named) > 1 && countRole(files, whole) > 1 {
				return nil, fault(Place{File: name}, "there are several scenarios here; name one file")
			}
			return readWhole(f, n)
		case domain:
			domains = append(domains, f)
		case profile:
			profiles = append(profiles, f)
		}
	}
	if len(domains) == 0 {
		silent := &notes{}
		for _, f := range beside {
			if p := sniff(f, silent); p.err == nil && p.role == domain && p.format == format {
				domains = append(domains, p)
			}
		}
	}
	if len(domains) > 1 {
		return nil, fault(Place{File: domains[1].name}, "there are two domains, this one and %s; name one of them with its profiles", domains[0].name)
	}
	if len(profiles) == 0 {
		return nil, fault(Place{File: name}, "there is no profile here that says what options are worth to a party")
	}
	if len(profiles) > bargain.MaxParties {
		v := &Variants{Folder: name}
		for _, p := range profiles {
			v.Profiles = append(v.Profiles, p.name)
		}
		return nil, v
	}
	if len(profiles) > 3 {
		n.add(Place{File: name}, "all %d profiles are taken as parties of one negotiation; if some are variants of one another, name those that meet", len(profiles))
	}
	return readParts(format, domains, profiles, r.Grid, n)
}

func countRole(files []parsedFile, r role) (n int) {
	for _, f := range files {
		if f.role == r {
			n++
		}
	}
	return n
}

// oneFormat refuses files of several tools together.
func oneFormat(name string, files []parsedFile) (Format, error) {
	var first *parsedFile
	for i := range files {
		f := &files[i]
		if f.role < whole {
			continue
		}
		if first == nil {
			first = f
		}
		if f.format != first.format || (f.role == whole) != (first.role == whole) {
			return "", fault(Place{File: f.name}, "this is a %s file and %s a %s file; name the files of one scenario", f.format, first.name, first.format)
		}
	}
	if first == nil {
		return "", fault(Place{File: name}, "there is nothing here that can be read as a scenario; Parley's own YAML or JSON, CSV, GENIUS, GeniusWeb, NegoLog and NegMAS files are")
	}
	return first.format, nil
}

func readWhole(f parsedFile, n *notes) (*Scenario, error) {
	if f.format == CSV {
		return readCSV(f.name, f.data, n)
	}
	return readOwn(f, n)
}

func readParts(format Format, domains, profiles []parsedFile, grid int, n *notes) (*Scenario, error) {
	var dom *parsedFile
	if len(domains) == 1 {
		dom = &domains[0]
	}
	switch format {
	case Genius:
		var root *element
		if dom != nil {
			root = dom.xml
		}
		return readGenius(root, profiles, grid, n)
	case GeniusWeb:
		return readGeniusWeb(dom, profiles, n)
	case NegoLog:
		return readNegoLog(profiles, n)
	case NegMAS:
		return readNegMAS(dom, profiles, grid, n)
	}
	return nil, fault(Place{File: profiles[0].name}, "files of the format %q are not read", format)
}

// sniff reads a file's syntax and tells what it is from its content; the name's ending only says which syntax to try.
func sniff(f File, n *notes) parsedFile {
	p := parsedFile{name: f.Name, data: f.Data}
	ext := strings.ToLower(path.Ext(f.Name))
	body := bytes.TrimSpace(bytes.TrimPrefix(f.Data, []byte{0xEF, 0xBB, 0xBF}))
	switch {
	case len(body) == 0:
		p.why = "it is empty"
	case ext == ".csv":
		p.format, p.role = CSV, whole
	case ext == ".xml" || body[0] == '<':
		if firstTag(f.Data) < 0 && !bytes.HasPrefix(f.Data, []byte{0xFF, 0xFE}) && !bytes.HasPrefix(f.Data, []byte{0xFE, 0xFF}) {
			p.role, p.why = reference, "it is not XML"
			if !strings.HasPrefix(path.Base(f.Name), "pareto") {
				p.role = stranger
			}
			return p
		}
		p.xml, p.err = parseXML(f.Name, f.Data, n)
		p.sniffXML()
	case ext == ".json" || body[0] == '{':
		p.tree, p.err = parseJSON(f.Name, bytes.TrimPrefix(f.Data, []byte{0xEF, 0xBB, 0xBF}))
		p.sniffTree(JSON)
	default:
		p.tree, p.err = parseYAML(f.Name, f.Data)
		p.sniffTree(YAML)
	}
	return p
}

func (p *parsedFile) sniffXML() {
	if p.err != nil {
		return
	}
	p.format = Genius
	switch p.xml.name {
	case "negotiation_template":
		p.role = domain
	case "utility_space":
		p.role = profile
	default:
		p.why = fmt.Sprintf("its root <%s> is not one of GENIUS", p.xml.name)
	}
}

// sniffTree knows files by their keys.
func (p *parsedFile) sniffTree(syntax Format) {
	if p.err != nil {
		return
	}
	t := p.tree
	switch {
	case t.kind != object:
		p.why = "it holds no mapping at its top"
	case t.has("parley"):
		p.format, p.role = syntax, whole
	case t.has("LinearAdditiveUtilitySpace"):
		p.format, p.role = GeniusWeb, profile
	case t.has("issuesValues"):
		p.format, p.role = GeniusWeb, domain
	case t.has("issueWeights") && t.has("issues"):
		p.format, p.role = NegoLog, profile
	case t.has("nash") || t.has("NumberOfBids") || t.has("pareto_front") || t.has("pareto_utils") || t.has("short_description") || strings.HasPrefix(path.Base(p.name), "_"):
		p.role = reference
	case t.has("SumOfGroupsUtilitySpace") || t.has("DefaultPartialOrdering"):
		p.why = fmt.Sprintf("GeniusWeb profiles of the kind %s are not read; LinearAdditiveUtilitySpace is", t.keys[0])
	case t.has("outcome_spaces"):
		p.format, p.role = NegMAS, profile // the centre of a multi-deal scenario
	case t.has("values") && (t.has("weights") || t.has("outcome_space")):
		p.format, p.role = NegMAS, profile
	case t.has("issues") && t.get("issues").kind == list:
		p.format, p.role = NegMAS, domain
	case t.has("type"):
		p.why = fmt.Sprintf("utility functions of the kind %q are not read; LinearAdditiveUtilityFunction is", t.get("type").text)
	default:
		p.why = "none of its keys is known"
	}
}
