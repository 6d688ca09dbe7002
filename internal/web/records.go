package web

import (
	"bytes"
	"encoding/hex"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"parley/internal/phrasebook"
	"parley/internal/record"
	"parley/internal/ruling"
	"parley/internal/secretariat"
)

// A recordView is a record as one reads it.
type recordView struct {
	frame
	outside bool // read from outside the table: the public record on a sheet
	Name    record.Name
	Heading string
	Times   string
	Size    string
	Root    string
	Signed  string // by which house, with which key
	Head    string // address of the checkpoint
	Last    string // time of the last entry that is for the reader
	First   int64
	Upto    int64
	Earlier string
	Later   string
	Lines   []string
	Others  []doorway // other records that are the reader's
	Proof   *proof
	Forms   []form
}

// A proof is an entry opened.
type proof struct {
	*voice
	Number  string
	Line    string // the entry itself
	Facts   []fact
	Hashes  []fact // commitments and leaf
	Path    []fact // from the leaf up: side and hash
	Of      string // size of the checkpoint that the path leads to
	Note    string // the checkpoint
	Receipt string // address
	Back    string
}

// mostOnPage is how many entries a page of a record shows.
const mostOnPage = 200

func (h *house) recordPage(w http.ResponseWriter, r *http.Request, v visit) error {
	p, sc, err := h.record(r, v)
	if err != nil {
		return err
	}
	size, _ := strconv.ParseInt(p.Size, 10, 64)
	p.First = max(1, size-mostOnPage+1)
	if from, err := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64); err == nil {
		p.First = max(1, min(from, size))
	}
	p.Upto = min(size, p.First+mostOnPage-1)
	base := hrefRecord(p.Name) + "?from="
	if p.First > 1 {
		p.Earlier = base + strconv.FormatInt(max(1, p.First-mostOnPage), 10)
	}
	if p.Upto < size {
		p.Later = base + strconv.FormatInt(p.Upto+1, 10)
	}
	for s, err := range h.Desk.Read(r.Context(), sc.id, v.caller(), p.Name, p.First-1) {
		if err != nil {
			return err
		}
		if s.Number > p.Upto {
			break
		}
		piece, err := h.line(sc, s)
		if err != nil {
			return err
		}
		if piece != "" {
			p.Lines = append(p.Lines, piece)
		}
	}
	return h.show(w, r, http.StatusOK, recordRoom(p))
}

// record gathers what is common to a record and its proofs. Whoever may not
// open the record is answered as if there were none.
func (h *house) record(r *http.Request, v visit) (p recordView, sc scene, err error) {
	p.Name = recordNamed(r.PathValue("id"), r.PathValue("record"))
	err = h.look(r, v, func(s secretariat.Sight) error {
		head, ok := s.Heads[p.Name]
		if !ok {
			return ruling.Nothing()
		}
		voice := h.voiceAt(s)
		sc = sceneOf(voice, s)
		if p.outside = s.Talks == nil; p.outside {
			p.frame = frame{voice: voice, ID: s.ID, Talks: s.Public.Title, Title: voice.say("page.chapter-records")}
		} else {
			p.frame = h.frame(voice, s, "records")
			p.Others = otherRecords(voice, s, p.Name)
			if p.Name == record.JointName(s.ID) {
				p.Forms = h.formsOn("records/joint", voice, s)
			}
		}
		word := recordWord(p.Name)
		p.Private = strings.HasPrefix(word, "room-")
		if p.Private {
			word = "room"
		}
		p.Heading, p.Place, p.Readers = voice.say("page.record-"+word), voice.say("page.place-record-"+word), voice.say("page.record-"+word+"-note")
		p.Times = zoned(s.Now.Time, s.Now.Zone)
		p.Size, p.Root = strconv.FormatInt(head.Size, 10), spaced(hex.EncodeToString(head.Root[:]))
		p.Signed, p.Head = h.Desk.Verifier().String(), hrefRecord(p.Name)+"/checkpoint"
		return nil
	})
	return p, sc, err
}

// otherRecords are ways to the other records the reader may open.
func otherRecords(v *voice, s secretariat.Sight, but record.Name) (list []doorway) {
	for _, name := range []record.Name{record.JointName(s.ID), record.PublicName(s.ID)} {
		if _, ok := s.Heads[name]; ok && name != but {
			list = append(list, doorway{Href: hrefRecord(name), Name: v.say("page.record-" + recordWord(name))})
		}
	}
	return list
}

func (h *house) proofPage(w http.ResponseWriter, r *http.Request, v visit) error {
	p, sc, err := h.record(r, v)
	if err != nil {
		return err
	}
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	s, err := h.one(r, v, p.Name, number)
	if err != nil {
		return err
	}
	line, err := h.line(sc, s)
	if err != nil {
		return err
	}
	if line == "" {
		return ruling.Nothing() // what is not for people shows on no page
	}
	receipt, err := h.Desk.Prove(r.Context(), sc.id, v.caller(), p.Name, number)
	if err != nil {
		return err
	}
	if err := receipt.Verify(h.Desk.Verifier(), s.Leaf); err != nil {
		return err // a record that does not prove its own entries is a fault
	}
	p.Proof = proofOf(sc, s, receipt)
	p.Proof.Line = line
	return h.show(w, r, http.StatusOK, recordRoom(p))
}

// numberIn is the number of an entry in the address, in its one spelling.
func numberIn(r *http.Request) (int64, error) {
	text := r.PathValue("number")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, ruling.Nothing()
	}
	return n, nil
}

// one reads one entry.
func (h *house) one(r *http.Request, v visit, name record.Name, number int64) (*secretariat.Seen, error) {
	for s, err := range h.Desk.Read(r.Context(), r.PathValue("id"), v.caller(), name, number-1) {
		return s, err
	}
	return nil, ruling.Nothing()
}

// proofOf lays out what proves an entry.
func proofOf(sc scene, s *secretariat.Seen, receipt record.Receipt) *proof {
	p := &proof{voice: sc.voice, Number: strconv.FormatInt(s.Number, 10), Note: string(receipt.Note),
		Receipt: hrefProof(s.Record, s.Number) + "/receipt", Back: hrefRecord(s.Record)}
	hash := func(h record.Hash) string { return spaced(hex.EncodeToString(h[:])) }
	if !s.Withheld() {
		header := s.Content.Header
		at := phrasebook.Time{At: s.Time.In(sc.zone), Zone: sc.zone.String()}
		p.Facts = []fact{
			{sc.say("page.proof-kind"), s.Name},
			{sc.say("page.proof-entered"), sc.say("page.time", "Time", at)},
			{sc.say("page.proof-author"), sc.say("page.proof-author-of", "Name", phrasebook.Seat(s.Seat), "Seq", strconv.FormatInt(header.AuthorSeq, 10))},
			{sc.say("page.proof-audience"), sc.groups(s.Audience)},
		}
		p.Hashes = []fact{{sc.say("page.proof-structure"), hash(header.Structure)}, {sc.say("page.proof-words"), hash(header.Words)}}
	}
	p.Hashes = append(p.Hashes, fact{sc.say("page.proof-leaf"), hash(s.Leaf)})
	if c, err := record.ParseCheckpoint(receipt.Note); err == nil {
		p.Of = strconv.FormatInt(c.Size, 10)
	}
	for i, h := range receipt.Proof {
		p.Path = append(p.Path, fact{strconv.Itoa(i + 1), hash(h)})
	}
	return p
}

// groups says the audience of an entry in words.
func (v *voice) groups(list []string) string {
	said := make([]string, len(list))
	for i, g := range list {
		kind, key, _ := strings.Cut(g, ":")
		switch {
		case key == "":
			said[i] = v.say("page.group-" + g)
		case kind == "party":
			said[i] = v.say("page.group-party", "Party", phrasebook.Words(v.title(key)))
		default:
			said[i] = v.reader.Names.SeatName(key)
		}
	}
	return strings.Join(said, ", ")
}

// receipt gives out the proof of an entry as a C2SP tlog-proof.
func (h *house) receipt(w http.ResponseWriter, r *http.Request, v visit) error {
	name := recordNamed(r.PathValue("id"), r.PathValue("record"))
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	receipt, err := h.Desk.Prove(r.Context(), r.PathValue("id"), v.caller(), name, number)
	if err != nil {
		return err
	}
	return download(w, strings.ReplaceAll(string(name), "/", "-")+"-"+strconv.FormatInt(number, 10)+".tlog-proof", receipt.Marshal())
}

// checkpoint gives out the signed head of a record.
func (h *house) checkpoint(w http.ResponseWriter, r *http.Request, v visit) error {
	name := recordNamed(r.PathValue("id"), r.PathValue("record"))
	var note []byte
	err := h.look(r, v, func(s secretariat.Sight) error {
		head, ok := s.Heads[name]
		if !ok {
			return ruling.Nothing()
		}
		note = bytes.Clone(head.Note)
		return nil
	})
	if err != nil {
		return err
	}
	return download(w, strings.ReplaceAll(string(name), "/", "-")+".checkpoint", note)
}

// export gives out the bundle of all that the visitor may open. It is made in
// full before the first byte is sent, so that a fault is told as one.
func (h *house) export(w http.ResponseWriter, r *http.Request, v visit) error {
	var b bytes.Buffer
	id := r.PathValue("id")
	if err := h.Desk.Export(r.Context(), id, v.caller(), &b); err != nil {
		return err
	}
	return download(w, id+".bundle", b.Bytes())
}

func download(w http.ResponseWriter, name string, content []byte) error {
	return sendFile(w, name, "text/plain; charset=utf-8", content)
}

// sendFile sends something to keep. No browser shows it as a page.
func sendFile(w http.ResponseWriter, name, kind string, content []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content)
	return nil
}
