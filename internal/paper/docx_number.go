package paper

import (
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// A wordStyle is what a paragraph style says that matters here.
type wordStyle struct {
	name    string // as Word shows it
	parent  *wordStyle
	outline int // level in the navigation, from 1; 0 if it says nothing
	num     string
	level   int
	middle  bool
}

// readStyles reads the paragraph styles by id.
func readStyles(root *etree.Element) map[string]*wordStyle {
	styles, based := map[string]*wordStyle{}, map[*wordStyle]string{}
	for _, e := range children(root) {
		if e.Tag != "style" || attr(e, "type") != "paragraph" {
			continue
		}
		pr := child(e, "pPr")
		s := &wordStyle{name: attr(child(e, "name"), "val"), middle: attr(child(pr, "jc"), "val") == "center"}
		if o := child(pr, "outlineLvl"); o != nil {
			if n, err := strconv.Atoi(attr(o, "val")); err == nil && n >= 0 && n < 9 {
				s.outline = n + 1
			}
		}
		if n := child(pr, "numPr"); n != nil {
			s.num = attr(child(n, "numId"), "val")
			s.level, _ = strconv.Atoi(attr(child(n, "ilvl"), "val"))
		}
		styles[attr(e, "styleId")] = s
		based[s] = attr(child(e, "basedOn"), "val")
	}
	for s, id := range based {
		s.parent = styles[id]
	}
	return styles
}

// up calls yield with a style and those it is based on, not more than twenty.
func (s *wordStyle) up(yield func(*wordStyle) bool) {
	for range 20 {
		if s == nil || !yield(s) {
			return
		}
		s = s.parent
	}
}

func (s *wordStyle) is(name string) bool {
	for k := range s.up {
		if strings.EqualFold(k.name, name) {
			return true
		}
	}
	return false
}

// own returns the name of one of our styles without its prefix, or nothing.
func (s *wordStyle) own() string {
	for k := range s.up {
		if name, ok := strings.CutPrefix(k.name, stylePrefix); ok {
			return name
		}
	}
	return ""
}

// heading returns the level of a heading, from 1, or 0.
func (s *wordStyle) heading() int {
	for k := range s.up {
		if k.outline > 0 {
			return k.outline
		}
		if n, ok := strings.CutPrefix(strings.ToLower(k.name), "heading "); ok && len(n) == 1 && n[0] >= '1' && n[0] <= '9' {
			return int(n[0] - '0')
		}
	}
	return 0
}

func (s *wordStyle) centred() bool {
	for k := range s.up {
		if k.middle {
			return true
		}
	}
	return false
}

func (s *wordStyle) numbering() (num string, level int) {
	for k := range s.up {
		if k.num != "" {
			return k.num, k.level
		}
	}
	return "", 0
}

const (
	levels   = 9  // of lists in Word
	maxLabel = 60 // bytes of the pattern of a label; a longer one is none
)

// A numbering is the lists of a document and how far each has come.
type numbering struct {
	lists  map[string]*list  // abstract ones, by id
	nums   map[string]*usage // by id
	counts map[*list]*[levels]int
}

type list struct{ levels [levels]listLevel }

type listLevel struct {
	start   int
	format  string // decimal, lowerLetter, …
	text    string // (%1)
	restart int    // after which level it begins anew, from 1; 0 for never, -1 for any above
}

type usage struct {
	list   *list
	starts map[int]int // levels that begin anew at a number
	begun  bool
}

func readNumbering(root *etree.Element) *numbering {
	n := &numbering{lists: map[string]*list{}, nums: map[string]*usage{}, counts: map[*list]*[levels]int{}}
	for _, e := range children(root) {
		if e.Tag != "abstractNum" {
			continue
		}
		l := &list{}
		for i := range l.levels {
			l.levels[i] = listLevel{start: 1, format: "none", restart: -1}
		}
		for _, v := range children(e) {
			if at, err := strconv.Atoi(attr(v, "ilvl")); v.Tag == "lvl" && err == nil && at >= 0 && at < levels {
				l.levels[at] = readLevel(v)
			}
		}
		n.lists[attr(e, "abstractNumId")] = l
	}
	for _, e := range children(root) {
		if e.Tag != "num" {
			continue
		}
		u := &usage{list: n.lists[attr(child(e, "abstractNumId"), "val")], starts: map[int]int{}}
		for _, o := range children(e) {
			at, err := strconv.Atoi(attr(o, "ilvl"))
			if o.Tag != "lvlOverride" || err != nil || at < 0 || at >= levels {
				continue
			}
			if s, err := strconv.Atoi(attr(child(o, "startOverride"), "val")); err == nil {
				u.starts[at] = s
			}
			if v := child(o, "lvl"); v != nil && u.list != nil {
				own := *u.list
				own.levels[at] = readLevel(v)
				u.list = &own
			}
		}
		n.nums[attr(e, "numId")] = u
	}
	return n
}

func readLevel(e *etree.Element) listLevel {
	l := listLevel{start: 1, format: "decimal", restart: -1}
	for _, c := range children(e) {
		switch v := attr(c, "val"); c.Tag {
		case "start":
			l.start, _ = strconv.Atoi(v)
		case "numFmt":
			l.format = v
		case "lvlText":
			if len(v) <= maxLabel {
				l.text = v
			}
		case "lvlRestart":
			l.restart, _ = strconv.Atoi(v)
		}
	}
	return l
}

// next counts one further in a list and returns the label as our grammar
// writes it, or nothing.
func (n *numbering) next(num string, level int) string {
	u := n.nums[num]
	if u == nil || u.list == nil || level < 0 || level >= levels {
		return ""
	}
	c := n.counts[u.list]
	if c == nil {
		c = &[levels]int{}
		for i := range c {
			c[i] = u.list.levels[i].start - 1
		}
		n.counts[u.list] = c
	}
	if !u.begun {
		u.begun = true
		for at, s := range u.starts {
			c[at] = s - 1
		}
	}
	c[level]++
	for i := level + 1; i < levels; i++ {
		if r := u.list.levels[i].restart; r < 0 || r > level {
			c[i] = u.list.levels[i].start - 1
		}
	}
	return u.list.label(level, c)
}

func (l *list) label(level int, c *[levels]int) string {
	own := l.levels[level]
	if own.format == "bullet" {
		return "-"
	}
	s := own.text
	for i := range levels {
		n := max(c[i], min(l.levels[i].start, 1))
		if i < level && c[i] < l.levels[i].start {
			n = l.levels[i].start
		}
		s = strings.ReplaceAll(s, "%"+strconv.Itoa(i+1), numeral(l.levels[i].format, n))
	}
	return label(strings.TrimSpace(s), own.format, level)
}

// label brings a label to what our grammar reads: a. and a) to (a), i. to (i),
// Article 3 to Article 3., a bare 3 to 3.
func label(s, format string, level int) string {
	bare := strings.Trim(s, "().")
	switch {
	case s == "":
		return ""
	case format == "lowerRoman" && !strings.Contains(bare, " ") && !strings.Contains(bare, "."):
		return "    (" + bare + ")"
	case format == "lowerLetter" && !strings.Contains(bare, " ") && !strings.Contains(bare, "."):
		return "  (" + bare + ")"
	case s == bare:
		return s + "."
	}
	return s
}

// numeral writes a number in a format of Word's.
func numeral(format string, n int) string {
	if n < 1 || n > 9999 {
		return strconv.Itoa(n)
	}
	switch format {
	case "lowerLetter", "upperLetter":
		s := strings.Repeat(string(rune('a'+(n-1)%26)), 1+(n-1)/26)
		if format == "upperLetter" {
			return strings.ToUpper(s)
		}
		return s
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "none", "bullet":
		return ""
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	var b strings.Builder
	for _, r := range []struct {
		n int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.n; n -= r.n {
			b.WriteString(r.s)
		}
	}
	return b.String()
}
