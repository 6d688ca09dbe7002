// Package scenario reads and writes what a bargaining analysis starts from: parties, issues, options, and what each
// option is worth to each party. It reads Parley's own YAML and JSON, CSV, and the files of four other tools (GENIUS,
// GeniusWeb, NegoLog, NegMAS), each with the meaning that the tool's own reference implementation gives it, and it helps
// a party to find its weights (swing, rank-order centroids, direct rating, holistic comparison).
//
// It promises
//   - that a number is never guessed: decimals are kept exactly as written, and what a file leaves open, contradicts or
//     gets wrong is a [Warning] with its place, or a [Fault] that says what was wrong, where, and what to do;
//   - that a hostile file ends in a sentence: size, depth, number of nodes, use of aliases and entities are bounded.
//
// It opens no file by itself (an fs.FS is handed in), keeps no time, uses no randomness and solves nothing.
//
// The formats are described in docs/formats.md, the differences between the tools in docs/analysis-definitions.md.
package scenario

import (
	"fmt"
	"math/big"
	"strconv"

	"parley/internal/bargain"
)

// Format names the kind of file a scenario came from or is to be written as.
type Format string

// The formats.
const (
	YAML      Format = "yaml"      // Parley's own, docs/formats.md
	JSON      Format = "json"      // the same as JSON
	CSV       Format = "csv"       // one table, docs/formats.md
	GeniusWeb Format = "geniusweb" // JSON, domain and one profile a party
	NegoLog   Format = "negolog"   // JSON, one profile a party
	Genius    Format = "genius"    // XML, domain and one utility space a party
	NegMAS    Format = "negmas"    // YAML, outcome space and one utility function a party
)

// Scenario is a template with the scorings that go with it.
type Scenario struct {
	Format   Format
	Template bargain.Template
	// Scorings hold one entry for each party that has given one, in the template's order of parties. The worth is exactly
	// what the file says; [Scenario.Compile] brings it to what the engine can hold.
	Scorings []bargain.Scoring
	// Caps holds, by party id, the worth above which the format counts every package alike (GENIUS: 1), where a package
	// can reach beyond it.
	Caps map[string]bargain.Number
	// Rectangles holds, by party id, the worth of parties scored by constraints over ranges (GENIUS "nonlinear") instead
	// of issue by issue. The scoring of such a party is opaque.
	Rectangles map[string]*Rectangles
	// Deals are the packages with a name, such as the draft on the table.
	Deals []NamedDeal
}

// NamedDeal is a package with a name.
type NamedDeal struct {
	ID   string // "draft" is the one that trades start from
	Name string
	Deal bargain.Deal
}

// Draft returns the deal with the id "draft".
func (s *Scenario) Draft() (bargain.Deal, bool) {
	for _, d := range s.Deals {
		if d.ID == "draft" {
			return d.Deal, true
		}
	}
	return nil, false
}

// Size is the number of packages: the product of the numbers of options, rules left aside.
func (s *Scenario) Size() *big.Int {
	n := big.NewInt(1)
	for _, i := range s.Template.Issues {
		n.Mul(n, big.NewInt(int64(len(i.Options))))
	}
	return n
}

// Scoring returns a party's scoring.
func (s *Scenario) Scoring(party string) (*bargain.Scoring, bool) {
	for i := range s.Scorings {
		if s.Scorings[i].Party == party {
			return &s.Scorings[i], true
		}
	}
	return nil, false
}

// Worth is what a deal is worth to a party, exactly, as the format's reference implementation would have it without the
// rounding of floating point: capped where the format caps. The deal must fit the template.
func (s *Scenario) Worth(party string, d bargain.Deal) (bargain.Number, error) {
	sc, ok := s.Scoring(party)
	if !ok {
		return bargain.Number{}, fmt.Errorf("party %q has given no worths", party)
	}
	if len(d) != len(s.Template.Issues) {
		return bargain.Number{}, fmt.Errorf("the deal settles %d issues, but the scenario has %d", len(d), len(s.Template.Issues))
	}
	var sum bargain.Number
	if r := s.Rectangles[party]; r != nil {
		sum = r.worth(d)
	} else {
		for i, is := range s.Template.Issues {
			if int(d[i]) >= len(is.Options) {
				return sum, fmt.Errorf("issue %q has %d options; the deal picks number %d", is.ID, len(is.Options), d[i]+1)
			}
			sum = sum.Add(weightOf(sc, is.ID).Mul(sc.Values[is.ID][is.Options[d[i]].ID]))
		}
		for _, p := range sc.Pairs {
			if s.holds(d, p.A) && s.holds(d, p.B) {
				sum = sum.Add(p.Value)
			}
		}
	}
	if c, ok := s.Caps[party]; ok && sum.Cmp(c) > 0 {
		sum = c
	}
	return sum, nil
}

func (s *Scenario) holds(d bargain.Deal, p bargain.Pick) bool {
	i, o, err := s.Template.Find(p)
	return err == nil && int(d[i]) == o
}

func weightOf(s *bargain.Scoring, issue string) bargain.Number {
	if len(s.Weights) == 0 {
		return bargain.Whole(1)
	}
	return s.Weights[issue]
}

// Place is where in the input something stands. Line and Column count from 1; 0 means the file as a whole.
type Place struct {
	File         string
	Line, Column int
}

func (p Place) String() string {
	switch {
	case p.File == "" && p.Line == 0:
		return "input"
	case p.Line == 0:
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
}

// Warning is something a file left open or got wrong that was read all the same, and how it was read.
type Warning struct {
	Place Place
	Text  string
}

func (w Warning) String() string { return w.Place.String() + ": " + w.Text }

// Fault is why a file was not read: what was wrong, where, and what to do.
type Fault struct {
	Place Place
	Text  string
}

func (f *Fault) Error() string { return f.Place.String() + ": " + f.Text }

func fault(at Place, format string, args ...any) error {
	return &Fault{at, fmt.Sprintf(format, args...)}
}

// Variants is the refusal of a folder with more profiles than can sit at one table: they are variants of fewer parties,
// and only the caller can say which ones meet.
type Variants struct {
	Folder   string
	Profiles []string // the names to choose from, in order
}

func (v *Variants) Error() string {
	list := ""
	for i, p := range v.Profiles {
		if i == 12 {
			list += fmt.Sprintf(" and %d more", len(v.Profiles)-i)
			break
		}
		if i > 0 {
			list += ", "
		}
		list += p
	}
	return fmt.Sprintf("%s: %d profiles are more than the %d parties of one analysis, so they must be variants; name one for each party: %s",
		Place{File: v.Folder}, len(v.Profiles), bargain.MaxParties, list)
}

// notes gathers warnings; beyond maxWarnings it only counts.
type notes struct {
	list []Warning
	more int
}

const maxWarnings = 200

func (n *notes) add(at Place, format string, args ...any) {
	if len(n.list) >= maxWarnings {
		n.more++
		return
	}
	n.list = append(n.list, Warning{at, fmt.Sprintf(format, args...)})
}

func (n *notes) all() []Warning {
	if n.more > 0 {
		return append(n.list, Warning{Text: fmt.Sprintf("%d more remarks are left out", n.more)})
	}
	return n.list
}
