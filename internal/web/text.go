package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/room"
	"parley/internal/ruling"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// inARoom ends the names of acts on texts that are drafted in a room.
const inARoom = "-in-room"

// textActs are the acts on texts, by their names at the table.
var textActs = func() map[string]bool {
	all := map[string]bool{}
	for _, a := range text.Acts() {
		all[talks.TextActName(a)] = true
	}
	return all
}()

// onText reports whether an act is one on a text, and whether it is for rooms.
func onText(act string) (is, rooms bool) {
	base, rooms := strings.CutSuffix(act, inARoom)
	return textActs[base], rooms
}

// textAfter is where one looks after an act on a text: at the bracket or the
// clause it was about.
func textAfter(base string, typed url.Values) string {
	page := base + "/text/"
	if in := typed.Get("in"); in != "" {
		page = base + "/drafts/" + url.PathEscape(in) + "/"
	}
	page += url.PathEscape(typed.Get("text"))
	for _, part := range []string{"bracket", "clause"} {
		if id := typed.Get(part); id != "" {
			return page + "?" + part + "=" + url.QueryEscape(id) + "#panel"
		}
	}
	return page
}

// intoText is what a form needs that was sent from the page of a text: what it
// was about is not to be typed again.
func intoText(s secretariat.Sight, act string, typed url.Values) desired {
	want := desired{fixed: map[string]string{}, leave: []string{"track"}}
	if _, rooms := onText(act); rooms {
		want = intoRoom(s, act, typed)
		want.leave = []string{"track"}
	}
	want.typed = typed
	if strings.HasPrefix(act, "table-text") {
		return want
	}
	for _, name := range []string{"text", "bracket", "clause", "option", "reserve"} {
		if typed.Get(name) != "" {
			want.fixed[name] = typed.Get(name)
		}
	}
	return want
}

// A drafting is one text as one reader has it before them, at the table or in
// a room. Of the state it keeps copies.
type drafting struct {
	*voice
	talks   string
	base    string // address of the text's page
	in      string // address of the room; empty at the table
	seat    seat.Seat
	by      text.Hand
	groups  []string // readers of the room; nil at the table
	tabled  *talks.NegotiatingText
	labels  map[text.ID]string
	numbers map[text.ID]string // marks of reserves, by id
	notes   map[text.ID]string // marks of footnotes
	open    map[text.ID]string // brackets under a heading
	asked   *text.Draft        // what the rules are asked about, if it is less than all
	zone    *time.Location
	now     time.Time
	closed  bool
}

// drafting finds the text that an address names, if it is one the seat reads.
func (h *house) drafting(r *http.Request, s secretariat.Sight) (*drafting, error) {
	d := &drafting{voice: h.voiceAt(s), talks: s.ID, seat: s.Seat, zone: s.Zone, now: s.Now.Time, closed: s.Talks.Closed != nil,
		by: text.Hand{Side: s.Seat.Side()}}
	texts, in := s.Talks.Texts, r.PathValue("in")
	base := "/talks/" + s.ID + "/text/"
	for _, p := range s.Talks.Parties {
		d.by.Parties = append(d.by.Parties, p.Key)
	}
	if in != "" {
		k, g, err := roomAt(s, in)
		if err != nil {
			return nil, err
		}
		texts = nil
		if g != nil {
			texts = g.Texts
		}
		d.in, d.groups = in, members(s, k)
		d.by.Parties = slices.DeleteFunc(d.by.Parties, func(p seat.Party) bool { return !slices.Contains(d.groups, seat.PartyGroup(p)) })
		base = "/talks/" + s.ID + "/drafts/" + url.PathEscape(in) + "/"
	}
	d.by.Agreed = metBy(texts).met
	found := texts[r.PathValue("text")]
	if found == nil || found.Draft.Text == nil {
		return nil, ruling.Nothing()
	}
	d.tabled, d.base = copied(found), base+found.Name
	d.prepare()
	return d, nil
}

// A met is a clause of one of the texts that is agreed.
type met []text.Condition

func (m met) met(on text.Condition) bool { return slices.Contains(m, on) }

// metBy lists what is agreed in the texts, so that nothing of them is kept.
func metBy(texts talks.Texts) (m met) {
	for name, t := range texts {
		if t.Draft.Text == nil {
			continue
		}
		for i := range t.Draft.Text.Clauses {
			if c := &t.Draft.Text.Clauses[i]; c.Status >= text.AgreedAdReferendum {
				m = append(m, text.Condition{Text: name, Clause: c.ID})
			}
		}
	}
	return m
}

// roomAt is the room of an address that the seat can go into; what it holds is
// nil as long as nothing has been done in it.
func roomAt(s secretariat.Sight, in string) (room.Key, *room.Room, error) {
	if !hasRooms(s) {
		return room.Key{}, nil, ruling.Nothing()
	}
	for _, k := range roomsOf(s) {
		if address(s, k) == in {
			return k, group(s, k), nil
		}
	}
	return room.Key{}, nil, ruling.Nothing()
}

// copied is a text to be looked at after the desk has gone on. Clauses are
// never changed in place, so a list of them is enough.
func copied(t *talks.NegotiatingText) *talks.NegotiatingText {
	draft, words := *t.Draft, *t.Draft.Text
	words.Clauses, words.Footnotes = slices.Clone(words.Clauses), slices.Clone(words.Footnotes)
	draft.Text = &words
	draft.Revisions, draft.Lifts = slices.Clone(draft.Revisions), slices.Clone(draft.Lifts)
	return &talks.NegotiatingText{Name: t.Name, Track: t.Track, Draft: &draft, Changes: slices.Clip(t.Changes)}
}

// prepare works out what every clause on the page is told by.
func (d *drafting) prepare() {
	t := d.draft().Text
	d.open = openUnder(t.Clauses)
	d.labels, d.numbers, d.notes = make(map[text.ID]string, len(t.Clauses)), map[text.ID]string{}, map[text.ID]string{}
	labels := t.Labels()
	for i := range t.Clauses {
		c := &t.Clauses[i]
		d.labels[c.ID] = labels[i]
		for r := range c.AllReserves {
			d.numbers[r.ID] = asterisk(len(d.numbers))
		}
	}
	for i, f := range t.Footnotes {
		d.notes[f.ID] = letterOf(i)
	}
}

func (d *drafting) draft() *text.Draft { return d.tabled.Draft }

// named reports whether readers see who wants what.
func (d *drafting) named() bool { return !d.tabled.Draft.Unnamed }

// last is the number of the entry that changed the text last.
func (d *drafting) last() int64 {
	if n := len(d.tabled.Changes); n > 0 {
		return d.tabled.Changes[n-1].Number
	}
	return 0
}

// sidesHere are the parties whose text it is, as sides.
func (d *drafting) sidesHere() (list []string) {
	for _, p := range d.by.Parties {
		list = append(list, string(p))
	}
	return list
}

// href is an address of the text's page, with a query.
func (d *drafting) href(query ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	return d.base + "?" + q.Encode()
}

// asterisk is the mark of the n-th reserve: never a figure, so that it is not
// read as a bracket.
func asterisk(n int) string {
	marks := [...]string{"*", "†", "‡", "§", "‖", "¶"}
	return strings.Repeat(marks[n%len(marks)], 1+n/len(marks))
}

// letterOf is the mark of the n-th footnote.
func letterOf(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return letterOf(n/26-1) + letterOf(n%26)
}

// ordinal is the number of a bracket as people read it: that of its id, which
// stays the same while other brackets come and go.
func ordinal(id text.ID) string { return strings.TrimLeft(string(id), "b") }

// A textView is the page of a text.
type textView struct {
	frame
	D        *drafting
	Head     textHead
	Readings []chapter
	Legend   []string
	Panel    *panel
	Clauses  []shownClause
	Reserves []reserve
	Notes    []footnote
	Reading  string // what reading this is, in a sentence; empty for all brackets
	Lines    []string
	Forms    []form
	Query    string
	Hits     []hit
	Figures  *figures
	History  *history
	All      bool // all brackets, live in pieces
}

// A textHead says what stands at the top of a text, in figures and words.
type textHead struct {
	*voice
	Title, Sum, Pen string
	Notes           []string
}

type reserve struct{ ID, Mark, Words string }

type footnote struct{ ID, Mark, Words string }

// textsView lists the texts of the table.
type textsView struct {
	frame
	Texts []doorway
	Forms []form
}

func (h *house) textsPage(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.listTexts(w, r, v, "text")
}

// listTexts shows the texts, or the one there is.
func (h *house) listTexts(w http.ResponseWriter, r *http.Request, v visit, chapter string) error {
	var p textsView
	only := ""
	err := h.seated(r, v, func(s secretariat.Sight) error {
		voice := h.voiceAt(s)
		p.frame = h.frame(voice, s, chapter)
		p.Texts = textDoors(voice, s.Talks, s.Talks.Texts, "/talks/"+s.ID+"/"+chapter+"/")
		if len(p.Texts) == 1 && r.URL.Query().Get("all") == "" {
			only = p.Texts[0].Href
		}
		if f, ok := h.form(voice, s, "table-text", desired{}); ok && chapter == "text" && s.Talks.Closed == nil {
			p.Forms = append(p.Forms, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if only != "" {
		http.Redirect(w, r, only, http.StatusSeeOther)
		return nil
	}
	return h.show(w, r, http.StatusOK, textsList(p))
}

// textDoors lead to texts, in the order of their tracks and names.
func textDoors(v *voice, t *talks.Talks, texts talks.Texts, base string) (list []doorway) {
	names := texts.Names()
	slices.SortStableFunc(names, func(a, b string) int { return strings.Compare(texts[a].Track, texts[b].Track) })
	for _, name := range names {
		x := texts[name]
		if x.Draft.Text == nil {
			continue
		}
		note := v.say("text-standing." + string(x.Draft.Standing))
		if track := t.Track(x.Track); track != nil {
			note += " · " + track.Title
		}
		n := x.Draft.Text.Counts()
		list = append(list, doorway{base + name, or(x.Draft.Text.Title, name), note + " · " + v.say("page.text-sum", "Brackets", n.Brackets)})
	}
	return list
}

func (h *house) textPage(w http.ResponseWriter, r *http.Request, v visit) error {
	if r.URL.Query().Get("view") == "projector" {
		return h.textProjector(w, r, v)
	}
	var p textView
	err := h.lookAtText(r, v, func(s secretariat.Sight, d *drafting) error {
		p = h.textView(r, s, d)
		return nil
	})
	if err != nil {
		return err
	}
	if err := h.finishText(r, v, &p); err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, textSheet(p))
}

// lookAtText is seated for the page of a text.
func (h *house) lookAtText(r *http.Request, v visit, look func(secretariat.Sight, *drafting) error) error {
	return h.seated(r, v, func(s secretariat.Sight) error {
		d, err := h.drafting(r, s)
		if err != nil {
			return err
		}
		return look(s, d)
	})
}

// textFrame is the frame of a text's pages: that of the table, or of the room.
func (h *house) textFrame(s secretariat.Sight, d *drafting, chapter string) frame {
	if d.in == "" {
		return h.frame(d.voice, s, chapter)
	}
	f := h.frame(d.voice, s, "rooms")
	k, _, err := roomAt(s, d.in)
	if err == nil {
		f.Private, f.Place, f.Readers = true, d.place(s, k), d.say("page.place-note-"+string(k.Kind))
	}
	return f
}

func (h *house) textView(r *http.Request, s secretariat.Sight, d *drafting) textView {
	q := r.URL.Query()
	p := textView{frame: h.textFrame(s, d, "text"), D: d, Head: d.head(), Readings: d.readings(q), Query: q.Get("q"), Notes: d.footnotes()}
	p.Title = or(d.draft().Text.Title, p.Title)
	if d.named() {
		p.Legend = append(d.sidesHere(), seat.Mediation)
	}
	switch {
	case q.Get("as") != "" || q.Get("against") != "":
		p.Reading, p.Clauses = d.read(q)
	case q.Get("history") != "":
		p.History = d.history(text.ID(q.Get("history")))
	case q.Get("q") != "":
		p.Hits = d.search(q.Get("q"))
	case q.Get("view") == "figures":
		p.Figures = d.figures()
	default:
		p.All = true
		p.Panel = h.panel(s, d, q)
		p.Clauses = d.clauses(p.Panel)
		p.Reserves = d.reserves()
		p.Forms = h.textForms(s, d)
	}
	return p
}

// finishText adds what is read from the record, and what makes the page live.
func (h *house) finishText(r *http.Request, v visit, p *textView) (err error) {
	d := p.D
	switch {
	case p.All:
		p.Lines, err = h.lately(r, v, d, d.lastNumbers(mostLately))
		slices.Reverse(p.Lines)
	case p.History != nil:
		err = h.told(r, v, d, p.History)
	}
	place := "text/" + d.tabled.Name
	if d.in != "" {
		place = "drafts/" + url.PathEscape(d.in) + "/" + d.tabled.Name
	}
	p.live(place, d.last())
	q := r.URL.Query()
	for _, part := range []string{"bracket", "clause"} {
		if id := q.Get(part); id != "" && p.All {
			p.Stream += "&" + part + "=" + url.QueryEscape(id)
		}
	}
	if !p.All {
		p.Stream += "&whole=yes"
	}
	return err
}

// head counts in words.
func (d *drafting) head() textHead {
	x, n := d.draft(), d.draft().Text.Counts()
	t := textHead{voice: d.voice, Title: d.say("page.chapter-text"),
		Sum: d.say("page.text-head", "Brackets", n.Brackets, "Options", n.Options, "Reserves", n.Reserves, "Open", n.Open, "Clauses", n.Clauses)}
	t.Pen = d.say("page.text-pen", "Standing", phrasebook.Term("text-standing."+string(x.Standing)), "Side", phrasebook.Words(d.title(x.Pen)))
	if k := len(x.Revisions); k > 0 {
		key := "page.text-issued"
		if x.Changed {
			key = "page.text-issued-changed"
		}
		t.Title += ", " + x.Revisions[k-1].Symbol
		t.Notes = append(t.Notes, d.say(key, "Symbol", x.Revisions[k-1].Symbol))
	}
	if x.Unnamed {
		t.Notes = append(t.Notes, d.say("page.text-unnamed"))
	}
	if n.Differ > 0 {
		t.Notes = append(t.Notes, d.say("page.text-differ", "Count", n.Differ))
	}
	return t
}

// readings are the ways to read the text, as links.
func (d *drafting) readings(q url.Values) (list []chapter) {
	add := func(label string, current bool, query ...string) {
		x := chapter{Href: d.href(query...), Label: label, Current: current}
		if len(query) == 0 {
			x.Href = d.base
		}
		list = append(list, x)
	}
	as, against, view := q.Get("as"), q.Get("against"), q.Get("view")
	add(d.say("page.reading-all"), as == "" && against == "" && view == "" && q.Get("q") == "" && q.Get("history") == "")
	for _, side := range d.sidesHere() {
		if d.named() || side == d.by.Side {
			add(d.say("page.reading-clean", "Side", phrasebook.Words(d.title(side))), as == side, "as", side)
		}
	}
	add(d.say("page.reading-mediator"), as == seat.Mediation, "as", seat.Mediation)
	for _, rev := range slices.Backward(d.draft().Revisions) {
		n := strconv.Itoa(rev.Number)
		add(d.say("page.reading-against", "Symbol", rev.Symbol), against == n, "against", n)
	}
	add(d.say("page.reading-figures"), view == "figures", "view", "figures")
	return list
}

// reserves are set under the text.
func (d *drafting) reserves() (list []reserve) {
	t := d.draft().Text
	for i := range t.Clauses {
		for r := range t.Clauses[i].AllReserves {
			list = append(list, reserve{string(r.ID), d.numbers[r.ID], d.reserveWords(r, d.labels[t.Clauses[i].ID])})
		}
	}
	return list
}

// reserveWords says a reserve in one sentence, without its reason.
func (d *drafting) reserveWords(r *text.Reservation, label string) string {
	key, args := "page.reserve", []any{"Kind", phrasebook.Term("text-reserve." + string(r.Kind)), "Clause", label}
	if d.named() {
		key, args = key+"-named", append(args, "Side", phrasebook.Words(d.title(r.Party)))
	}
	if r.Until != "" {
		key, args = key+"-until", append(args, "Until", phrasebook.Words(r.Until))
	}
	return d.say(key, args...)
}

func (d *drafting) footnotes() (list []footnote) {
	for _, f := range d.draft().Text.Footnotes {
		list = append(list, footnote{string(f.ID), d.notes[f.ID], f.Words})
	}
	return list
}
