package talks

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"path"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/ruling"
	"parley/internal/seat"
)

// Attach puts a paper before everyone seated. Parley keeps its bytes and their
// digest, and never opens it (rule 45).
type Attach struct {
	Attachment
}

// An Attachment is a file and where it comes from.
type Attachment struct {
	Name    string // of the file, without folders
	Origin  string // who made it, and how it came here
	Content string `form:"file"` // the bytes in base64
}

// MaxPaper is how many bytes a paper may have.
const MaxPaper = 1 << 20

// Paper checks the attachment and makes the event of it.
func (a Attachment) Paper(by seat.Seat, at Moment) (PaperAttached, error) {
	name := path.Base(strings.ReplaceAll(a.Name, `\`, "/"))
	content, err := base64.StdEncoding.Strict().DecodeString(a.Content)
	switch {
	case name != a.Name || name == "." || name == "/" || strings.ContainsAny(name, "\n\r\t"):
		return PaperAttached{}, ruling.No(ruling.Invalid, 45, "paper-name", "Given", a.Name)
	case strings.TrimSpace(a.Origin) == "":
		return PaperAttached{}, ruling.No(ruling.Invalid, 45, "paper-origin")
	case err != nil || len(content) == 0:
		return PaperAttached{}, ruling.No(ruling.Invalid, 45, "paper-content")
	case len(content) > MaxPaper:
		return PaperAttached{}, ruling.No(ruling.Invalid, 45, "paper-too-large", "Limit", MaxPaper>>20)
	}
	sum := sha256.Sum256(content)
	return PaperAttached{Side: by.Side(), Seat: by.Key, At: at, SHA256: hex.EncodeToString(sum[:]), Size: len(content),
		Name: a.Name, Origin: a.Origin, Content: content}, nil
}

func (a Attach) decide(_ *Talks, by seat.Seat, at Moment) ([]Event, error) {
	paper, err := a.Paper(by, at)
	if err != nil {
		return nil, err
	}
	return []Event{paper}, nil
}

// PaperAttached is a paper before everyone seated. Its digest is structure, and
// stays when name, origin and bytes have been destroyed.
type PaperAttached struct {
	Side    string
	Seat    seat.Key
	At      Moment
	SHA256  string `json:"sha256"`
	Size    int
	Name    string `words:"yes"`
	Origin  string `words:"yes"`
	Content []byte `words:"yes"`
}

// A Paper is an attachment as it is listed; its bytes are in its entry.
type Paper struct {
	Number int64
	Side   string
	At     Moment
	SHA256 string
	Size   int
	Name   string
	Origin string
}

// Filed is how the paper is listed.
func (e PaperAttached) Filed(number int64) Paper {
	return Paper{number, e.Side, e.At, e.SHA256, e.Size, e.Name, e.Origin}
}

func (e PaperAttached) apply(t *Talks, on Entered) { t.Papers = append(t.Papers, e.Filed(on.Number)) }

// Phrase says what was attached, and by whom.
func (e PaperAttached) Phrase() phrasebook.Phrase {
	return phrasebook.Say("event.paper-attached", "Side", phrasebook.Side(e.Side), "Name", phrasebook.Words(e.Name), "Origin", phrasebook.Words(e.Origin), "Digest", e.SHA256[:min(12, len(e.SHA256))])
}
