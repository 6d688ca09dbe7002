package record

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"unicode"
	"unicode/utf8"
)

// bundleVersion is the first line of a bundle, and of what its signature covers.
const bundleVersion = "parley-bundle/v1"

// A Bundle is what one reader may read of the records of talks, to be verified
// by anybody, without the house.
//
// Its one canonical text form is described in docs/formats.md: a preamble; for
// each record its checkpoint and all its entries, those not for the reader as
// leaves alone; and the house's signature over everything above it. There is
// one spelling of every bundle.
type Bundle struct {
	Talks   string
	Reader  string    // for whom it was made, one line of at most 200 bytes
	Records []Extract // in order of name, at least one
}

// An Extract is one record of a bundle.
type Extract struct {
	Name    Name
	Head    Head
	Entries iter.Seq2[Entry, error] // all up to the head; what follows is left out
}

const maxReader = 200 // bytes

func checkReader(label string) error {
	ok := label != "" && len(label) <= maxReader && utf8.ValidString(label)
	for _, r := range label {
		ok = ok && unicode.IsPrint(r)
	}
	if !ok {
		return fmt.Errorf("%.60q cannot say whom a bundle is for: use one line of at most %d bytes", label, maxReader)
	}
	return nil
}

// WriteBundle writes a bundle, signed. It streams: no more than an entry is in
// memory at a time. It does not verify the entries; whoever reads it will.
func WriteBundle(w io.Writer, sign Signer, b Bundle) error {
	if err := CheckTalks(b.Talks); err != nil {
		return err
	}
	if err := checkReader(b.Reader); err != nil {
		return err
	}
	if len(b.Records) == 0 {
		return fmt.Errorf("a bundle of %s holds no record: there is nothing in it to write", b.Talks)
	}
	bw := &bundleWriter{sum: sha256.New()}
	out := bufio.NewWriter(w)
	bw.w = io.MultiWriter(out, bw.sum)
	bw.line(bundleVersion, "")
	bw.line("house ", sign.Verifier().String())
	bw.line("talks ", b.Talks)
	bw.line("reader ", b.Reader)
	var before Name
	for _, x := range b.Records {
		if x.Name.Talks() != b.Talks || x.Name <= before {
			return fmt.Errorf("the records of a bundle are those of its talks, in order of name: %.200q is out of place", string(x.Name))
		}
		before = x.Name
		if err := bw.extract(x); err != nil {
			return err
		}
	}
	bw.line("signed", "")
	if bw.err == nil {
		text := bundleStatement(b.Talks, bw.sum)
		_, bw.err = out.Write(sign.sign(text, sign.Verifier().House()))
	}
	if bw.err == nil {
		bw.err = out.Flush()
	}
	return bw.err
}

// bundleStatement is what the house signs at the end of a bundle.
func bundleStatement(talks string, sum hash.Hash) []byte {
	return fmt.Appendf(nil, "%s\n%s\n%s\n", bundleVersion, talks, base64.StdEncoding.EncodeToString(sum.Sum(nil)))
}

// A bundleWriter writes lines and hashes them. After an error it does nothing.
type bundleWriter struct {
	w   io.Writer
	sum hash.Hash
	buf []byte
	raw []byte
	err error
}

func (bw *bundleWriter) write(b []byte) {
	if bw.err == nil {
		_, bw.err = bw.w.Write(b)
	}
}

func (bw *bundleWriter) line(word, text string) {
	bw.buf = append(append(append(bw.buf[:0], word...), text...), '\n')
	bw.write(bw.buf)
}

// line64 writes a line of base64 of the parts, one behind the other.
func (bw *bundleWriter) line64(word string, parts ...[]byte) {
	bw.raw = bw.raw[:0]
	for _, p := range parts {
		bw.raw = append(bw.raw, p...)
	}
	bw.buf = base64.StdEncoding.AppendEncode(append(bw.buf[:0], word...), bw.raw)
	bw.buf = append(bw.buf, '\n')
	bw.write(bw.buf)
}

func (bw *bundleWriter) extract(x Extract) error {
	c, err := ParseCheckpoint(x.Head.Note)
	if err != nil {
		return fmt.Errorf("writing %s to a bundle: %w", x.Name, err)
	}
	if c.Size != x.Head.Size || c.Size < 1 {
		return fmt.Errorf("writing %s to a bundle: its checkpoint is of %d entries and its head of %d", x.Name, c.Size, x.Head.Size)
	}
	bw.line("record ", string(x.Name))
	bw.write(x.Head.Note)
	number := int64(0)
	for e, err := range x.Entries {
		if err != nil {
			return fmt.Errorf("writing %s to a bundle: %w", x.Name, err)
		}
		if number == c.Size {
			break
		}
		number++
		if e.Number != number {
			return fmt.Errorf("writing %s to a bundle: entry %d stands where %d should", x.Name, e.Number, number)
		}
		bw.entry(e)
		if bw.err != nil {
			return bw.err
		}
	}
	if number < c.Size {
		return fmt.Errorf("writing %s to a bundle: it ends at entry %d of %d", x.Name, number, c.Size)
	}
	return bw.err
}

func (bw *bundleWriter) entry(e Entry) {
	c := e.Content
	if c == nil {
		bw.line64("withheld ", e.Leaf[:])
		return
	}
	if err := c.Header.Check(); err != nil {
		bw.err = err
		return
	}
	if (c.Header.Evidence == Hash{}) != (len(c.Evidence) == 0) {
		bw.err = errors.New("an entry has evidence that its header does not know of, or the other way round")
		return
	}
	bw.line64("open ", c.Header.Marshal())
	bw.line64("structure ", c.Structure.Salt[:], c.Structure.Bytes)
	if c.Words == nil {
		bw.line("destroyed", "")
	} else {
		bw.line64("words ", c.Words.Salt[:], c.Words.Bytes)
	}
	if len(c.Evidence) > 0 {
		bw.line64("evidence ", c.Evidence)
	}
}
