package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/room"
	"parley/internal/seat"
	"parley/internal/secretariat"
	"parley/internal/talks"
	"parley/internal/text"
)

// A boardView is where a reader begins: what is open, who owes what, what is
// due. Each reader has their own; nothing is done on it.
type boardView struct {
	frame
	Board board
}

// A board is what of the page comes anew when something has happened.
type board struct {
	*voice
	Day        string
	Standfirst string
	Figures    []figure
	Session    session
	YoursHead  string
	Yours      []matter // what waits for the reader's side
	Others     []matter
	CarryHead  string
	Release    []released
	Dues       dues
	Missing    missing
	Orders     []registered // instructions of the capital
	Instruct   string       // address at which one is given; empty to whoever gives none
	Texts      []textLine
	Contact    contact
	Outside    []registered
	Links      []doorway // what else is made for printing
}

// A figure is one of up to four facts at the head of the page.
type figure struct {
	Word, Says, Note string
	Runs             int // seconds that a clock has run, if it goes on; else negative
	Warn             bool
}

// A session is the meeting that is open, or how the last one ended.
type session struct {
	Title  string
	Sides  []string
	State  []string
	Next   string
	Absent string
}

// released are words that may be carried across, or wait to be.
type released struct {
	Href, Words string
	From        string // the side that released them, in whatever manner they are passed on
	To          string
	On          string // whose authority, and when
}

// A textLine is a negotiating text with what is open in it.
type textLine struct {
	Name, Where string
	Now         string
	Before      string
}

// missing says in words what of the nine headings is not agreed.
type missing struct {
	Nothing string // nothing is proposed
	Waiting string // proposed, and not agreed by all
	Settled string
}

// contact is when the parties last met directly, and before that.
type contact struct {
	Days  string
	Lines []string
}

func (h *house) boardPage(w http.ResponseWriter, r *http.Request, v visit) error {
	var p boardView
	err := h.glance(r, v, func(g glance) error {
		p.frame = h.frame(g.voice, g.Sight, "board")
		p.Place, p.Readers = g.whose()
		p.Board = h.board(g)
		p.live("board", grown(g.Sight))
		return nil
	})
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, boardRoom(p))
}

// whose says whom a page is for that gathers from the table and from the
// reader's own rooms.
func (g glance) whose() (place, readers string) {
	switch {
	case ofMediation(g.Seat):
		return g.say("page.board-of-mediation"), g.say("page.board-for-mediation")
	case g.Seat.Party != "":
		party := phrasebook.Words(g.title(string(g.Seat.Party)))
		return g.say("page.board-of-party", "Party", party), g.say("page.board-for-party", "Party", party)
	}
	return g.say("page.board-of-observer"), g.say("page.board-for-observer")
}

// board gathers the page.
func (h *house) board(g glance) board {
	b := board{voice: g.voice, Day: g.today(), Session: g.session(), Dues: g.dues(), Missing: g.missing(), Contact: g.contact(), Release: g.releases(), Orders: g.orders(), Texts: h.texts(g)}
	b.Yours, b.Others = g.ourFirst(g.owed())
	b.YoursHead = g.say("page.board-yours")
	if g.Seat.Role == seat.Capital {
		b.YoursHead = g.say("page.board-yours-capital")
	}
	b.CarryHead = g.say("page.board-released-waits")
	if ofMediation(g.Seat) {
		b.CarryHead = g.say("page.board-release")
	}
	b.Outside = g.outside(mostOutside)
	b.Figures = g.figures(b)
	b.Standfirst = g.sum(b)
	if g.Seat.Permits("instruct") {
		b.Instruct = g.page(pageOf("instruct")) + "#do-instruct"
	}
	base := "/talks/" + g.ID
	b.Links = []doorway{{Href: base + "/briefing", Name: g.say("page.briefing")}, {Href: base + "/seating", Name: g.say("page.seating")}, {Href: base + "/calendar", Name: g.say("page.chapter-calendar")}}
	return b
}

// mostOutside is how many outside matters a board shows, the latest.
const mostOutside = 5

// today is the day in the zone of the talks.
func (g glance) today() string {
	at := g.Now.Time.In(g.Zone)
	return g.say("page.weekday-"+strconv.Itoa(int(at.Weekday()))) + ", " + g.book.Date(g.reader, at)
}

// session tells of the meeting that is open, or of the last.
func (g glance) session() session {
	x := session{Title: heading(g.voice, g.Talks), Next: g.next()}
	if len(g.Talks.Meetings) == 0 {
		x.State = []string{g.say("page.no-meeting-yet")}
		return x
	}
	m := &g.Talks.Meetings[len(g.Talks.Meetings)-1]
	x.State = turnings(g.voice, m, g.Sight)
	for _, side := range append([]string{seat.ChairGroup}, g.parties()...) {
		if !slices.Contains(m.Absent, seat.Party(side)) {
			x.Sides = append(x.Sides, side)
		}
	}
	if len(m.Absent) > 0 {
		var names []string
		for _, p := range m.Absent {
			names = append(names, g.title(string(p)))
		}
		x.Absent = g.say("page.board-absent", "Parties", phrasebook.Words(strings.Join(names, ", ")))
	}
	if m.Closed != nil {
		return x
	}
	x.Next = ""
	x.State = append(x.State, g.say("page.part-"+string(m.Part)), g.onFloor(m))
	return x
}

// onFloor says who speaks and who waits.
func (g glance) onFloor(m *talks.Meeting) string {
	waiting := len(m.Floor.Waiting)
	switch turn := m.Floor.Turn; {
	case turn == nil && waiting == 0:
		return g.say("page.board-silence")
	case turn == nil:
		return g.say("page.board-nobody-speaks", "Count", waiting)
	case waiting == 0:
		return g.say("page.board-speaks-alone", "Side", phrasebook.Words(g.title(turn.Side)))
	default:
		return g.say("page.board-speaks", "Side", phrasebook.Words(g.title(turn.Side)), "Count", waiting)
	}
}

// next is what is known of when one meets next: what stands under that heading.
func (g glance) next() string {
	m, proposed := g.Talks.Modalities["time"]
	switch {
	case !proposed:
		return g.say("page.board-next-missing")
	case m.At.Time.Before(g.admission.at):
		return ""
	case g.Talks.Settled("time"):
		return g.say("page.board-next-agreed", "Text", phrasebook.Words(m.Text))
	}
	return g.say("page.board-next-proposed", "Text", phrasebook.Words(m.Text), "Side", phrasebook.Words(g.title(m.Side)))
}

// missing sorts the nine headings by how far they are.
func (g glance) missing() (x missing) {
	var nothing, waiting []phrasebook.Term
	settled := 0
	for _, word := range talks.Heading("").Choices() {
		_, proposed := g.Talks.Modalities[talks.Heading(word)]
		switch {
		case !proposed:
			nothing = append(nothing, phrasebook.Term("heading."+word))
		case g.Talks.Settled(talks.Heading(word)):
			settled++
		default:
			waiting = append(waiting, phrasebook.Term("heading."+word))
		}
	}
	if len(nothing) > 0 {
		x.Nothing = g.say("page.board-missing", "Headings", phrasebook.Terms(nothing))
	}
	if len(waiting) > 0 {
		x.Waiting = g.say("page.board-not-agreed", "Headings", phrasebook.Terms(waiting))
	}
	x.Settled = g.say("page.board-settled", "Count", settled)
	return x
}

// contact tells when the parties last met directly, and when before these talks.
func (g glance) contact() (x contact) {
	before, end := g.before()
	met := slices.DeleteFunc(slices.Clone(g.Talks.Meetings), func(m talks.Meeting) bool { return len(m.Absent) > 0 })
	last, ok := g.Talks.LastContact()
	if !g.all() { // what was entered before the reader came is not told by a number either
		last, ok = end, before != nil
		if len(met) > 0 {
			last, ok = met[len(met)-1].Opened, true
		}
	}
	switch m := g.Talks.Meeting(); {
	case !ok:
		x.Days = g.say("page.board-contact-none")
	case m != nil && len(m.Absent) == 0:
		x.Days = g.say("page.board-contact-now")
	default:
		x.Days = g.nights(g.days(last.Time, g.Now.Time))
	}
	if len(met) > 0 {
		m := met[len(met)-1]
		x.Lines = append(x.Lines, g.say("page.board-contact-meeting", "Number", strconv.Itoa(m.Number), "At", g.told(m.Opened)))
	}
	if before != nil {
		x.Lines = append(x.Lines, g.say("page.board-contact-before", "Title", phrasebook.Words(before.Title), "At", g.date(end), "Source", phrasebook.Words(before.Source)))
		if len(met) > 0 {
			key := "page.board-contact-between"
			if end.Approximate {
				key = "page.board-contact-between-about"
			}
			x.Lines = append(x.Lines, g.say(key, "Count", g.days(end.Time, met[0].Opened.Time)))
		}
	}
	return x
}

// before is the last direct contact before these talks that the reader was told
// of, and when it ended.
func (g glance) before() (last *talks.EarlierMatter, end talks.Moment) {
	for i, e := range g.Talks.Earlier {
		over := e.At
		if e.Until != nil {
			over.Time = e.Until.Time
		}
		if e.Direct && g.heard(e.Number) && (last == nil || over.Time.After(end.Time)) {
			last, end = &g.Talks.Earlier[i], over
		}
	}
	return last, end
}

// date is the day of a moment alone, for what is long ago.
func (g glance) date(m talks.Moment) string {
	said := g.book.Date(g.reader, m.Time.In(g.Zone))
	if m.Approximate {
		said = g.say("page.about", "At", said)
	}
	return said
}

// nights says a number of days.
func (g glance) nights(n int) string {
	if n <= 0 {
		return g.say("page.board-today")
	}
	return g.say("page.board-days", "Count", n)
}

// releases are words that were let out of a room and not carried yet, from the
// rooms that the reader is in.
func (g glance) releases() (list []released) {
	for _, r := range g.Rooms {
		for _, x := range r.Releases {
			if x.Carried || x.Delivered || x.Retracted {
				continue
			}
			list = append(list, released{Href: hrefRoom(g.Sight, r.Key) + "#e" + strconv.FormatInt(x.Number, 10), Words: cutShort(x.Words, 120), From: x.Side, To: g.destination(x),
				On: g.say("page.board-authority", "Name", phrasebook.Seat(x.Seat), "At", g.told(x.At), "Manner", phrasebook.Term("manner."+string(x.As)))})
		}
	}
	return list
}

// destination says where released words are to go.
func (g glance) destination(x room.Released) string {
	kind, name, _ := strings.Cut(x.To, ":")
	switch room.Kind(kind) {
	case room.Shuttle, room.Notes:
		return g.title(or(name, x.Side))
	case room.Group, room.Side:
		if r := group(g.Sight, room.Key{Kind: room.Kind(kind), Name: name}); r != nil {
			return or(r.Title, name)
		}
	}
	return or(name, x.To)
}

// orders are the instructions that a delegation has from its capital, the latest first.
func (g glance) orders() (list []registered) {
	r := g.in(room.Delegation)
	for _, x := range slices.Backward(r.Instructions) {
		key := "page.board-instruction"
		if x.RedLine {
			key = "page.board-red-line"
		}
		list = append(list, registered{Number: strconv.FormatInt(x.Number, 10), Href: hrefRoom(g.Sight, r.Key) + "#e" + strconv.FormatInt(x.Number, 10),
			Title: g.say(key, "On", phrasebook.Words(x.On)), Words: x.Text, Note: g.say("page.board-given", "Name", phrasebook.Seat(x.Seat), "At", g.told(x.At))})
	}
	return list
}

// outside are the latest matters from outside, with how far they are to be relied on.
func (g glance) outside(most int) (list []registered) {
	joint := record.JointName(g.ID)
	for _, x := range slices.Backward(g.Talks.Outside) {
		if len(list) == most || !g.heard(x.Number) {
			break
		}
		list = append(list, registered{Number: strconv.FormatInt(x.Number, 10), Href: hrefProof(joint, x.Number), Title: x.Who, Words: x.Text,
			Note: g.say("page.board-reliable", "Reliability", phrasebook.Term("reliability."+string(x.Reliability)), "As", phrasebook.Term("outside."+string(x.As)), "At", g.told(x.At), "Source", phrasebook.Words(x.Source))})
	}
	return list
}

// outsideOf is the register of outside matters, if there is any.
func outsideOf(b board) []register {
	if len(b.Outside) == 0 {
		return nil
	}
	return []register{{Heading: b.say("page.register-outside"), Lines: b.Outside}}
}

// texts are the negotiating texts of the table and of the reader's groups.
func (h *house) texts(g glance) (list []textLine) {
	add := func(where string, texts talks.Texts, key string) {
		for _, name := range texts.Names() {
			x := texts[name]
			if x.Draft.Text == nil || len(x.Changes) == 0 || key == "" && !g.heard(x.Changes[len(x.Changes)-1].Number) {
				continue
			}
			line := textLine{Name: or(x.Draft.Text.Title, name), Where: where}
			now := h.brackets(g, key, name, int(x.Changes[len(x.Changes)-1].Number), 0, x.Draft.Text)
			line.Now = g.say("page.board-brackets", "Count", now)
			var before []string
			for _, rev := range x.Draft.Revisions {
				before = append(before, g.say("page.board-revision", "Symbol", phrasebook.Words(rev.Symbol), "Count", strconv.Itoa(h.brackets(g, key, name, 0, rev.Number, rev.Text))))
			}
			line.Before = strings.Join(before, "; ")
			list = append(list, line)
		}
	}
	add("", g.Talks.Texts, "")
	for _, r := range g.Rooms {
		add(g.roomName(g.Sight, r.Key), r.Texts, r.Key.String())
	}
	return list
}

// bracketKey is all that a count of brackets depends on.
type bracketKey struct {
	talks, room, text string
	change, revision  int
}

// brackets counts what is open in a text, once for every state of it.
func (h *house) brackets(g glance, in, name string, change, revision int, t *text.Text) int {
	said, _ := h.pieces.get(bracketKey{g.ID, in, name, change, revision}, func() (string, error) { return strconv.Itoa(t.Counts().Brackets), nil })
	n, _ := strconv.Atoi(said)
	return n
}

// figures are the four facts at the head of the page.
func (g glance) figures(b board) (list []figure) {
	m := g.Talks.Meeting()
	switch {
	case m != nil:
		gross, net := m.Clock(g.Now.Time)
		list = append(list, figure{Word: g.say("page.board-in-session"), Says: hm(gross), Runs: int(gross / time.Second), Note: g.say("page.board-net", "Net", phrasebook.Minutes(net.Truncate(time.Minute)))})
		if m.Suspended() {
			list[0].Word = g.say("page.board-suspended")
		}
	default:
		list = append(list, figure{Word: g.say("page.board-in-session"), Says: g.say("page.board-no-session"), Runs: -1, Note: b.Session.State[len(b.Session.State)-1]})
	}
	list = append(list, figure{Word: g.say("page.board-since-contact"), Says: b.Contact.Days, Runs: -1})
	if n := len(b.Contact.Lines); n > 0 {
		list[1].Note = b.Contact.Lines[0]
	}
	list = append(list, b.Dues.figure(g.voice))
	if len(b.Texts) > 0 {
		return append(list, figure{Word: g.say("page.board-brackets-left"), Says: b.Texts[0].Now, Runs: -1, Note: b.Texts[0].Name})
	}
	open := len(g.Talks.OpenHeadings())
	return append(list, figure{Word: g.say("page.board-headings-open"), Says: g.say("page.board-of-nine", "Count", strconv.Itoa(open)), Runs: -1, Note: b.Missing.Nothing, Warn: b.Missing.Nothing != ""})
}

// sum is the page in one sentence or two.
func (g glance) sum(b board) string {
	var said []string
	switch m := g.Talks.Meeting(); {
	case m == nil:
		said = append(said, g.say("page.board-sum-none"))
	case m.Suspended():
		said = append(said, g.say("page.board-sum-suspended", "Meeting", phrasebook.Words(b.Session.Title)))
	default:
		said = append(said, g.say("page.board-sum-session", "Meeting", phrasebook.Words(b.Session.Title)))
	}
	switch {
	case g.Seat.Role == seat.Capital:
		said = append(said, g.say("page.board-sum-delegation", "Count", len(b.Yours)))
	case g.Seat.Party != "", ofMediation(g.Seat):
		said = append(said, g.say("page.board-sum-yours", "Count", len(b.Yours)))
	}
	said = append(said, g.say("page.board-sum-others", "Count", len(b.Others)))
	if n := len(b.Release); n > 0 && ofMediation(g.Seat) {
		said = append(said, g.say("page.board-sum-carry", "Count", n))
	}
	return strings.Join(said, " ")
}

// grown counts the entries of all records that the reader may open. It grows
// with each of them, so it is what a board's stream goes on from.
func grown(s secretariat.Sight) (entries int64) {
	for _, head := range s.Heads {
		entries += head.Size
	}
	return entries
}

func (h *house) boardStream(w http.ResponseWriter, r *http.Request, v visit) error {
	return h.stream(w, r, v, feed{v.caller(), h.nextOnBoard})
}

// nextOnBoard renders the board anew when something has been entered that its
// reader can know of.
func (h *house) nextOnBoard(r *http.Request, v visit, after int64) (events []event, last int64, err error) {
	last = after
	err = h.glance(r, v, func(g glance) error {
		size := grown(g.Sight)
		if size <= after {
			return nil
		}
		last = size
		html, err := render(boardMatter(h.board(g)))
		events = []event{{size, "piece", html}}
		return err
	})
	return events, last, err
}
