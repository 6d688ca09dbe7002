package text

import (
	"slices"
	"strings"
)

// scan reads the words of one block: pieces until what closes them.
type scan struct {
	p       *parser
	b       *block
	s       string
	i       int
	literal int // brackets that were kept as words and are not yet closed
}

// A part is what stands between brackets, or between slashes in them.
type part struct {
	body      Body
	at        int // where it begins
	slash     slash
	literal   bool     // began with a backslash: not "no text"
	proposers []string // those that it was written under
	supports  []string
	opposes   []string
	reserves  []Reservation
	words     []byte // not yet in body
}

type slash uint8

const (
	noSlash slash = iota
	tight         // a/b
	spaced        // a / b
)

// flush puts the words so far into the body.
func (q *part) flush() {
	q.body = addWords(q.body, string(q.words))
	q.words = q.words[:0]
}

// clause reads the body of a clause and the reserves marked in it.
func (x *scan) clause() (Body, []Reservation) {
	parts, _ := x.run(0, 1, false)
	return parts[0].body, parts[0].reserves
}

// run reads until closer, or to the end if that is 0. Within brackets and in
// options, sides may be named at the beginning and the end.
func (x *scan) run(closer byte, depth int, sides bool) (parts []part, closed bool) {
	q := x.beginPart(noSlash, sides)
	for x.i < len(x.s) {
		next := strings.IndexAny(x.s[x.i:], `\[]{}/(`)
		if next < 0 {
			next = len(x.s) - x.i
		}
		q.words = append(q.words, x.s[x.i:x.i+next]...)
		if x.i += next; x.i == len(x.s) {
			break
		}
		switch c := x.s[x.i]; {
		case c == closer && x.literal == 0:
			x.i++
			q.flush()
			return append(parts, *q), true
		case c == '/' && closer == ']' && x.literal == 0 && len(parts) < maxOptions:
			s := x.slash()
			q.flush()
			parts = append(parts, *q)
			q = x.beginPart(s, sides)
		case c == '(' && sides && x.signs(q, closer):
		default:
			x.piece(q, depth)
		}
	}
	q.flush()
	return append(parts, *q), false
}

// beginPart reads the sides that a part is written under.
func (x *scan) beginPart(s slash, sides bool) *part {
	x.blanks()
	q := &part{slash: s, at: x.i}
	if sides {
		var n int
		q.proposers, n = x.p.codes.leading(x.s[x.i:])
		x.i += n
		x.blanks()
	}
	if x.i < len(x.s) && x.s[x.i] == '\\' {
		q.literal = true
		if x.i+1 == len(x.s) || !isPunct(x.s[x.i+1]) {
			x.i++
		}
	}
	return q
}

func (x *scan) blanks() {
	for x.i < len(x.s) && (x.s[x.i] == ' ' || x.s[x.i] == '\t') {
		x.i++
	}
}

func isPunct(c byte) bool {
	return c > ' ' && c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z' && c < 0x7F
}

func (x *scan) slash() slash {
	s := tight
	if x.i > 0 && x.s[x.i-1] == ' ' && x.i+1 < len(x.s) && x.s[x.i+1] == ' ' {
		s = spaced
	}
	x.i++
	return s
}

// signs reads who supports and opposes, if that is what stands here and
// nothing but the end of the option follows.
func (x *scan) signs(q *part, closer byte) bool {
	supports, opposes, n := x.p.codes.signed(x.s[x.i:])
	if n == 0 {
		return false
	}
	rest := strings.TrimLeft(x.s[x.i+n:], " \t")
	for { // reserves may be marked after the sides
		_, k := footnoteLabel(rest)
		if k == 0 {
			break
		}
		rest = strings.TrimLeft(rest[k:], " \t")
	}
	if rest != "" && rest[0] != closer && !(closer == ']' && strings.HasPrefix(rest, "/ ")) {
		return false
	}
	q.supports, q.opposes = appendNew(q.supports, supports...), appendNew(q.opposes, opposes...)
	x.i += n
	return true
}

// piece reads what stands at a special character.
func (x *scan) piece(q *part, depth int) {
	c := x.s[x.i]
	switch c {
	case '\\':
		if x.i+1 < len(x.s) && isPunct(x.s[x.i+1]) {
			x.i++
			c = x.s[x.i]
		}
	case '[':
		if label, n := footnoteLabel(x.s[x.i:]); n > 0 && x.footnote(q, label) {
			x.i += n
			return
		}
		switch {
		case depth > MaxDepth:
			x.p.miss(x.b, x.i, "too-deep", "Limit", MaxDepth)
			x.literal++
		case x.p.brackets >= MaxBrackets:
			x.p.miss(x.b, x.i, "too-many-brackets", "Limit", MaxBrackets)
			x.literal++
		default:
			q.flush()
			x.group(q, depth)
			return
		}
	case ']':
		if x.literal > 0 {
			x.literal--
		} else {
			x.p.doubt(x.b, x.i, "stray-bracket")
		}
	case '{':
		if strings.HasPrefix(x.s[x.i:], "{}") {
			q.flush()
			x.i += 2
			return
		}
		if x.both(q, depth) {
			return
		}
	}
	q.words = append(q.words, c)
	x.i++
}

// footnote puts the mark of a footnote, or a reserve, where it is referred to.
func (x *scan) footnote(q *part, label string) bool {
	n := x.p.notes[label]
	if n == nil {
		x.p.doubt(x.b, x.i, "footnote-missing", "Label", label)
		return false
	}
	n.used = true
	if n.reserve != nil {
		x.p.text.Given.Reserves++
		r := *n.reserve
		r.ID = id("r", x.p.text.Given.Reserves)
		q.reserves = append(q.reserves, r)
		return true
	}
	if n.id == "" {
		x.p.addFootnote(n)
	}
	q.flush()
	q.body = append(q.body, Piece{Footnote: n.id})
	return true
}

// group reads a bracket and those that are alternatives to it, into q.
func (x *scan) group(q *part, depth int) {
	c := x.p.newChoice(Optional)
	var all []part
	first, last, gap := x.i, 0, false
	for brackets := 0; ; brackets++ {
		x.p.brackets++
		open := x.i
		x.i++
		parts, closed := x.run(']', depth+1, true)
		if !closed {
			x.p.doubt(x.b, open, "unclosed-bracket")
		}
		last = x.i
		parts = x.divide(parts)
		if len(parts) > 1 && c.Form == Optional {
			c.Form = Slash
		}
		if brackets > 0 {
			c.Form = Adjacent
		}
		x.after(&parts[len(parts)-1])
		for i := range parts {
			c.Options = append(c.Options, x.p.makeOption(x.b, c, parts[i]))
			o := &c.Options[len(c.Options)-1]
			o.Gap = i == 0 && gap || parts[i].slash == spaced
		}
		all = append(all, parts...)
		next := x.i + len(x.s[x.i:]) - len(strings.TrimLeft(x.s[x.i:], " \t"))
		if _, n := footnoteLabel(x.s[next:]); !closed || next == len(x.s) || x.s[next] != '[' || n > 0 || x.p.brackets >= MaxBrackets || len(all) >= maxOptions {
			break
		}
		gap, x.i = next > x.i, next
	}
	if len(all) == 1 && c.Options[0].None && c.Options[0].bare() {
		if len(all[0].body) == 0 {
			x.p.doubt(x.b, first, "empty-bracket")
			return
		}
		c.Options[0] = Option{Key: "a", Body: all[0].body} // the words "no text", bracketed
	}
	settleOptions(c)
	if c.Options == nil {
		x.p.doubt(x.b, first, "empty-bracket")
		return
	}
	x.place(q, c, first, last)
}

// place puts a choice into the body. A space just inside the bracket is meant
// to stand before it, or after.
func (x *scan) place(q *part, c *Choice, first, last int) {
	if first+1 < len(x.s) && x.s[first+1] == ' ' && first > 0 && isInWord(x.s[first-1]) {
		q.body = addWords(q.body, " ")
	}
	q.body = append(q.body, Piece{Choice: c})
	if last >= 2 && last < len(x.s) && x.s[last-1] == ']' && x.s[last-2] == ' ' && isInWord(x.s[last]) {
		q.words = append(q.words, ' ')
	}
}

func isInWord(c byte) bool { return c > ' ' && !isPunct(c) }

// after reads sides that are written behind the bracket instead of in it.
func (x *scan) after(q *part) {
	rest := strings.TrimLeft(x.s[x.i:], " ")
	if !strings.HasPrefix(rest, "(") {
		return
	}
	if supports, opposes, n := x.p.codes.signed(rest); n > 0 {
		q.supports, q.opposes = appendNew(q.supports, supports...), appendNew(q.opposes, opposes...)
		x.i = len(x.s) - len(rest) + n
	}
}

// both reads {RU: a} {UA: b}. One side's reading alone is its option.
func (x *scan) both(q *part, depth int) bool {
	_, n := x.p.codes.leading(x.s[x.i+1:])
	switch {
	case n == 0:
		return false
	case depth > MaxDepth:
		x.p.miss(x.b, x.i, "too-deep", "Limit", MaxDepth)
		return false
	case x.p.brackets >= MaxBrackets:
		x.p.miss(x.b, x.i, "too-many-brackets", "Limit", MaxBrackets)
		return false
	}
	q.flush()
	c := x.p.newChoice(Both)
	first, gap := x.i, false
	for {
		x.p.brackets++
		open := x.i
		x.i++
		parts, closed := x.run('}', depth+1, true)
		if !closed {
			x.p.doubt(x.b, open, "unclosed-brace")
		}
		o := x.p.makeOption(x.b, c, parts[0])
		o.Gap = gap
		c.Options = append(c.Options, o)
		rest := strings.TrimLeft(x.s[x.i:], " \t")
		if !closed || !strings.HasPrefix(rest, "{") || x.p.brackets >= MaxBrackets || len(c.Options) >= maxOptions {
			break
		}
		if _, n := x.p.codes.leading(rest[1:]); n == 0 {
			break
		}
		next := len(x.s) - len(rest)
		gap, x.i = next > x.i, next
	}
	if len(c.Options) == 1 {
		x.p.doubt(x.b, first, "one-reading")
		c.Form = Optional
		settleOptions(c)
		if c.Options == nil {
			return true
		}
	}
	q.body = append(q.body, Piece{Choice: c})
	return true
}

// divide decides which slashes divide alternatives: those with a space on
// both sides; if there are none, those between single words and before a side.
func (x *scan) divide(parts []part) []part {
	if len(parts) == 1 {
		return parts
	}
	by := tight
	if slices.ContainsFunc(parts, func(q part) bool { return q.slash == spaced }) {
		by = spaced
	} else if !slices.ContainsFunc(parts[1:], func(q part) bool { return len(q.proposers) > 0 }) && !singleWords(parts) {
		by = noSlash
	}
	out := parts[:1]
	for _, q := range parts[1:] {
		if by != noSlash && q.slash == by {
			out = append(out, q)
			continue
		}
		into := &out[len(out)-1]
		into.words = append(into.words[:0], '/')
		into.flush()
		for _, piece := range q.body {
			if piece.isWords() {
				into.body = addWords(into.body, piece.Words)
			} else {
				into.body = append(into.body, piece)
			}
		}
		into.supports, into.opposes = appendNew(into.supports, q.supports...), appendNew(into.opposes, q.opposes...)
		into.reserves = append(into.reserves, q.reserves...)
		into.literal = into.literal || q.literal
	}
	if by == tight {
		x.p.doubt(x.b, parts[0].at, "slash-read")
	}
	return out
}

// joined are pairs that are one word with a slash in it.
var joined = []string{"and/or", "either/or", "he/she", "she/he", "his/her", "him/her", "s/he", "km/h", "m/s", "24/7", "w/o", "c/o"}

func singleWords(parts []part) bool {
	var all []string
	for _, q := range parts {
		if q.literal || !isOneWord(q.body) {
			return false
		}
		all = append(all, q.body[0].Words)
	}
	return !isJoined(all)
}

func isOneWord(b Body) bool {
	return len(b) == 1 && b[0].isWords() && !strings.ContainsAny(b[0].Words, ` ,;:.^\[]{}()/`)
}

func isJoined(words []string) bool {
	return slices.Contains(joined, strings.ToLower(strings.Join(words, "/")))
}

// makeOption makes the next option of a choice.
func (p *parser) makeOption(b *block, c *Choice, q part) Option {
	o := Option{Key: letter(c.Given), Body: tidy(q.body, false), Reserves: q.reserves}
	c.Given++
	if len(o.Body) == 0 || !q.literal && saysNone(o.Body) {
		o.None, o.Body = true, nil
	}
	if len(q.proposers) > 0 {
		o.Proposer = q.proposers[0]
	}
	for _, side := range append(q.proposers[min(1, len(q.proposers)):], q.supports...) {
		if side != o.Proposer {
			o.Supporters = appendNew(o.Supporters, side)
		}
	}
	for _, side := range q.opposes {
		if o.Backs(side) {
			p.doubt(b, q.at, "for-and-against", "Side", sidesOf([]string{side})[0])
			continue
		}
		o.Opponents = appendNew(o.Opponents, side)
	}
	return o
}

// saysNone reports whether a body is the words "no text".
func saysNone(b Body) bool {
	return len(b) == 1 && b[0].isWords() && strings.EqualFold(strings.TrimRight(b[0].Words, "."), "no text")
}

// settleOptions brings the options of a choice as read into order: no text
// stands once, and one option alone may be left out. A choice of nothing is
// left without options.
func settleOptions(c *Choice) {
	var none *Option
	kept := c.Options[:0]
	for _, o := range c.Options {
		if o.None && c.Form != Both {
			if none != nil {
				mergeStance(none, &o)
				continue
			}
			kept = append(kept, o)
			none = &kept[len(kept)-1]
			continue
		}
		kept = append(kept, o)
	}
	c.Options = kept
	if len(kept) != 1 {
		tidyForm(c)
		return
	}
	if kept[0].None {
		c.Options = nil
		return
	}
	c.Form = Optional
	c.Options = append(kept, Option{Key: letter(c.Given), None: true})
	c.Given++
	tidyForm(c)
}

// mergeStance lets into have what the other option has for it: its proposer
// and supporters as supporters, its opponents, its reserves.
func mergeStance(into, from *Option) {
	if into.Proposer == "" {
		into.Proposer = from.Proposer
	}
	for _, side := range append([]string{from.Proposer}, from.Supporters...) {
		if side != "" && !into.Backs(side) {
			into.Supporters = append(slices.Clip(into.Supporters), side)
		}
	}
	into.Opponents = slices.DeleteFunc(appendNew(slices.Clip(into.Opponents), from.Opponents...), into.Backs)
	into.Reserves = append(slices.Clip(into.Reserves), from.Reserves...)
}
