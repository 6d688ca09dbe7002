package talks

import "parley/internal/phrasebook"

// Public is the state that the public record leads to. It knows what was
// published and nothing else: no party, seat or name that was not.
type Public struct {
	Title string
	Text  string
	Zone  string
	Since Moment
	Words []PublicWords
	Lines []PublicLine // that stand

	Retracted []PublicRetraction
}

// published is an event of the public record.
type published interface {
	Event
	publish(p *Public)
}

// Apply brings the public state up to date with an event of the public record.
func (p *Public) Apply(e Event) {
	if e, ok := e.(published); ok {
		e.publish(p)
	}
}

// Open reports whether the talks have been announced.
func (p *Public) Open() bool { return !p.Since.Time.IsZero() }

// PublicAnnouncement is the first entry of a public record.
type PublicAnnouncement struct {
	At    Moment
	Zone  string
	Title string `words:"yes"`
	Text  string `words:"yes"`
}

func (e PublicAnnouncement) publish(p *Public) {
	p.Title, p.Text, p.Zone, p.Since = e.Title, e.Text, e.Zone, e.At
}
func (e PublicAnnouncement) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.public-announcement", "Title", phrasebook.Words(e.Title))
}

// PublicWords are words somebody published, under the name they published them.
type PublicWords struct {
	At   Moment
	Kept Level
	By   string `words:"yes"`
	Text string `words:"yes"`
}

func (e PublicWords) publish(p *Public) { p.Words = append(p.Words, e) }
func (e PublicWords) Phrase() phrasebook.Phrase {
	key := "event.public-words"
	if e.Kept == Summary {
		key = "event.public-summary"
	}
	return phrasebook.Say(key, "By", phrasebook.Words(e.By), "Text", phrasebook.Words(e.Text))
}

// PublicLine is a holding line.
type PublicLine struct {
	Side  string
	At    Moment
	Until Moment
	By    string `words:"yes"`
	Text  string `words:"yes"`
}

func (e PublicLine) publish(p *Public) { p.Lines = append(p.Lines, e) }
func (e PublicLine) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.public-line", "By", phrasebook.Words(e.By), "Text", phrasebook.Words(e.Text), "Until", e.Until.Say())
}

// PublicLineEnded says that a holding line stands no longer.
type PublicLineEnded struct {
	Side string
	At   Moment
}

func (e PublicLineEnded) publish(p *Public) {
	kept := make([]PublicLine, 0, len(p.Lines))
	for _, l := range p.Lines {
		if l.Side != e.Side {
			kept = append(kept, l)
		}
	}
	p.Lines = kept
}
func (e PublicLineEnded) Phrase() phrasebook.Phrase { return phrasebook.Say("event.public-line-ended") }
