package record

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// Limits bound what reading a bundle may cost.
type Limits struct {
	Part    int   // the largest structure, words or evidence, in bytes
	Records int   // records in a bundle
	Entries int64 // entries of all records together
}

// DefaultLimits are far above what talks have ever needed.
var DefaultLimits = Limits{Part: 16 << 20, Records: 4096, Entries: 20_000_000}

// A BundleReader reads a bundle from its beginning to its end, strictly, and
// holds no more than one entry in memory. It sees to the form, and that the
// digest at the end is that of the bundle; it does not verify signatures,
// trees or commitments: [VerifyBundle] does.
type BundleReader struct {
	lines  lineReader
	limits Limits

	house  Verifier
	talks  string
	reader string

	records int
	entries int64
	name    Name  // of the record being read
	left    int64 // entries of it to come
	number  int64
	ended   bool
	sig     []byte // of the statement at the end
	text    []byte

	// The entry last returned lies in these.
	content Content
	words   Opening
	arena   []byte
	seats   map[string]string
}

// ReadBundle reads the preamble of a bundle. Then NextRecord and NextEntry
// read on.
func ReadBundle(r io.Reader, limits Limits) (*BundleReader, error) {
	b := &BundleReader{limits: limits, seats: make(map[string]string)}
	b.lines = lineReader{
		r:   bufio.NewReaderSize(r, 8<<10),
		sum: sha256.New(),
		max: 64 + (limits.Part+32+2)/3*4,
	}
	if line, err := b.lines.next(); err != nil || string(line) != bundleVersion {
		return nil, fmt.Errorf("this is not a bundle: its first line should read %s", bundleVersion)
	}
	vkey, err := b.lines.after("house ")
	if err != nil {
		return nil, err
	}
	if b.house, err = ParseVerifier(string(vkey)); err != nil {
		return nil, b.lines.fault(err)
	}
	talks, err := b.lines.after("talks ")
	if err != nil {
		return nil, err
	}
	if b.talks = string(talks); CheckTalks(b.talks) != nil {
		return nil, b.lines.fault(CheckTalks(b.talks))
	}
	label, err := b.lines.after("reader ")
	if err != nil {
		return nil, err
	}
	if b.reader = string(label); checkReader(b.reader) != nil {
		return nil, b.lines.fault(checkReader(b.reader))
	}
	return b, nil
}

// House is the key that the bundle says it is signed with.
func (b *BundleReader) House() Verifier { return b.house }

// Talks is the id of the talks.
func (b *BundleReader) Talks() string { return b.talks }

// Reader is for whom the bundle was made.
func (b *BundleReader) Reader() string { return b.reader }

// NextRecord reads the name and the checkpoint of the next record. It returns
// [io.EOF] after the last, when the end of the bundle has been found in order.
// All entries of the record before must have been read.
func (b *BundleReader) NextRecord() (Name, Checkpoint, error) {
	if b.left > 0 {
		return "", Checkpoint{}, fmt.Errorf("%s has %d entries more to read first", b.name, b.left)
	}
	if b.ended {
		return "", Checkpoint{}, io.EOF
	}
	line, err := b.lines.next()
	if err != nil {
		return "", Checkpoint{}, err
	}
	if string(line) == "signed" && b.records > 0 {
		if err := b.end(); err != nil {
			return "", Checkpoint{}, err
		}
		return "", Checkpoint{}, io.EOF
	}
	text, ok := bytes.CutPrefix(line, []byte("record "))
	name := Name(text)
	if !ok || name.Check() != nil || name.Talks() != b.talks || name <= b.name {
		return "", Checkpoint{}, b.lines.faultf("there should be a record of %s, in order of name", b.talks)
	}
	if b.records++; b.records > b.limits.Records {
		return "", Checkpoint{}, b.lines.faultf("there are more than %d records", b.limits.Records)
	}
	note, err := b.lines.note(5)
	if err != nil {
		return "", Checkpoint{}, err
	}
	c, err := ParseCheckpoint(note)
	if err != nil {
		return "", Checkpoint{}, b.lines.fault(err)
	}
	if c.Origin != b.house.Origin(name) || c.Size < 1 || c.Size > b.limits.Entries-b.entries {
		return "", Checkpoint{}, b.lines.faultf("the checkpoint is not of %s, or of more than %d entries", name, b.limits.Entries)
	}
	b.entries += c.Size
	b.name, b.left, b.number = name, c.Size, 0
	return name, c, nil
}

// NextEntry reads the next entry of the record, and [io.EOF] after its last.
// The entry's content is valid until the next call.
func (b *BundleReader) NextEntry() (Entry, error) {
	if b.left == 0 {
		return Entry{}, io.EOF
	}
	line, err := b.lines.next()
	if err != nil {
		return Entry{}, err
	}
	b.left--
	b.number++
	if text, ok := bytes.CutPrefix(line, []byte("withheld ")); ok {
		leaf, err := decodeHash(text)
		if err != nil {
			return Entry{}, b.lines.faultf("the leaf of entry %d is not a hash in base64", b.number)
		}
		return Entry{Number: b.number, Leaf: leaf}, nil
	}
	text, ok := bytes.CutPrefix(line, []byte("open "))
	if !ok {
		return Entry{}, b.lines.faultf("entry %d should begin here, open or withheld", b.number)
	}
	return b.open(text)
}

// open reads the rest of an entry whose header is text.
func (b *BundleReader) open(text []byte) (Entry, error) {
	var err error
	c := &b.content
	*c = Content{}
	// The zero byte makes the arena what the leaf is the hash of.
	if b.arena, err = decode64(append(b.arena[:0], 0), text); err != nil {
		return Entry{}, b.lines.fault(err)
	}
	if err := c.Header.parse(b.arena[1:], b.name, b.seats); err != nil {
		return Entry{}, b.lines.fault(err)
	}
	leaf := leafHash(b.arena)
	if len(b.seats) < 1024 {
		b.seats[c.Header.Seat] = c.Header.Seat
	}
	if text, err = b.lines.after("structure "); err != nil {
		return Entry{}, err
	}
	if err := b.opening(&c.Structure, text); err != nil {
		return Entry{}, err
	}
	line, err := b.lines.next()
	if err != nil {
		return Entry{}, err
	}
	if string(line) != "destroyed" {
		text, ok := bytes.CutPrefix(line, []byte("words "))
		if !ok {
			return Entry{}, b.lines.faultf("entry %d should have its words here, or that they were destroyed", b.number)
		}
		b.words = Opening{}
		if err := b.opening(&b.words, text); err != nil {
			return Entry{}, err
		}
		c.Words = &b.words
	}
	if (c.Header.Evidence != Hash{}) {
		if text, err = b.lines.after("evidence "); err != nil {
			return Entry{}, err
		}
		if c.Evidence, err = b.part(text); err != nil {
			return Entry{}, err
		}
		if len(c.Evidence) == 0 {
			return Entry{}, b.lines.faultf("entry %d has no evidence where its header says there is", b.number)
		}
	}
	return Entry{Number: b.number, Leaf: leaf, Content: c}, nil
}

// opening decodes a salt and the bytes behind it.
func (b *BundleReader) opening(o *Opening, text []byte) error {
	part, err := b.part(text)
	if err != nil {
		return err
	}
	if len(part) < len(o.Salt) {
		return b.lines.faultf("entry %d has a salt of fewer than %d bytes", b.number, len(o.Salt))
	}
	o.Salt, o.Bytes = [32]byte(part), part[len(o.Salt):]
	return nil
}

// part decodes base64 into the arena, behind what is there.
func (b *BundleReader) part(text []byte) ([]byte, error) {
	at := len(b.arena)
	var err error
	if b.arena, err = decode64(b.arena, text); err != nil {
		return nil, b.lines.faultf("entry %d: %v", b.number, err)
	}
	return b.arena[at:len(b.arena):len(b.arena)], nil
}

// end reads the house's signature and sees to it that nothing follows.
func (b *BundleReader) end() error {
	b.text = bundleStatement(b.talks, b.lines.sum)
	note, err := b.lines.note(5)
	if err != nil {
		return err
	}
	text, sig, name, err := splitNote(note)
	if err != nil {
		return b.lines.faultf("the signature at the end is malformed: %v", err)
	}
	if !bytes.Equal(text, b.text) {
		return b.lines.faultf("what the house signed is not this bundle: it was altered")
	}
	if name != b.house.House() {
		return b.lines.faultf("it is signed in the name of %.100q", name)
	}
	b.sig = sig
	if _, err := b.lines.r.ReadByte(); err != io.EOF {
		if err != nil {
			return err
		}
		return b.lines.faultf("something follows after the end")
	}
	b.ended = true
	return nil
}

// A lineReader reads lines, counts and hashes them.
type lineReader struct {
	r    *bufio.Reader
	sum  hash.Hash
	max  int // bytes of the longest line
	line int
	long []byte // a line that does not fit the buffer of r
}

// next returns the next line without its end; it is valid until the next call.
func (l *lineReader) next() ([]byte, error) {
	l.line++
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = l.long[:0]
		for err == bufio.ErrBufferFull {
			l.long = append(l.long, line...)
			if len(l.long) > l.max {
				return nil, l.faultf("the line is longer than %d bytes", l.max)
			}
			line, err = l.r.ReadSlice('\n')
		}
		l.long = append(l.long, line...)
		line = l.long
	}
	if err == io.EOF {
		return nil, l.faultf("the bundle breaks off")
	}
	if err != nil {
		return nil, err
	}
	if len(line) > l.max+1 {
		return nil, l.faultf("the line is longer than %d bytes", l.max)
	}
	l.sum.Write(line)
	return line[:len(line)-1], nil
}

// after returns what follows a word at the beginning of the next line.
func (l *lineReader) after(word string) ([]byte, error) {
	line, err := l.next()
	if err != nil {
		return nil, err
	}
	text, ok := bytes.CutPrefix(line, []byte(word))
	if !ok {
		return nil, l.faultf("there should be a line that begins with %q", strings.TrimSuffix(word, " "))
	}
	return text, nil
}

// note reads a signed note of so many lines.
func (l *lineReader) note(lines int) ([]byte, error) {
	var note []byte
	for range lines {
		line, err := l.next()
		if err != nil {
			return nil, err
		}
		if len(note)+len(line) > maxNote {
			return nil, l.faultf("the signed note is longer than %d bytes", maxNote)
		}
		note = append(append(note, line...), '\n')
	}
	return note, nil
}

func (l *lineReader) fault(err error) error {
	return fmt.Errorf("line %d of the bundle: %w", l.line, err)
}

func (l *lineReader) faultf(format string, args ...any) error {
	return l.fault(errors.New(fmt.Sprintf(format, args...)))
}
