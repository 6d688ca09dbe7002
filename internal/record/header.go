package record

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

const (
	headerVersion = 1
	maxSeat       = 200                  // bytes
	maxTime       = 253402300799_999_999 // the last microsecond of the year 9999
)

// Check returns an error unless the header can be written as version 1.
func (h Header) Check() error {
	if err := h.Record.Check(); err != nil {
		return err
	}
	micros := h.Time.UnixMicro()
	switch {
	case h.Number < 1:
		return fmt.Errorf("entry number %d: entries are numbered from 1", h.Number)
	case micros < 0 || micros > maxTime:
		return fmt.Errorf("time %v: it must lie between the years 1970 and 9999", h.Time)
	case h.Time.Nanosecond()%1000 != 0:
		return fmt.Errorf("time %v: it must be of whole microseconds", h.Time)
	case h.AuthorSeq < 1 || h.AuthorSeq > h.Number:
		return fmt.Errorf("author's count %d at entry %d: it runs from 1 and never ahead of the record", h.AuthorSeq, h.Number)
	case (h.AuthorSeq == 1) != (h.AuthorPrev == Hash{}):
		return errors.New("an author's first entry, and only that, has no entry before it")
	}
	return checkSeat(h.Seat)
}

func checkSeat(seat string) error {
	ok := seat != "" && len(seat) <= maxSeat
	for i := range len(seat) {
		ok = ok && '!' <= seat[i] && seat[i] <= '~'
	}
	if !ok {
		return fmt.Errorf("seat %.60q: its key must be 1 to %d visible ASCII characters", seat, maxSeat)
	}
	return nil
}

// Marshal returns the bytes that the tree commits to. In order, integers big
// endian: version 1 (one byte); record (one byte of length, then the name);
// number (8 bytes); time, microseconds since 1970 UTC (8); seat (one byte of
// length, then the key); author's count (8); author's previous leaf,
// commitment to the structure, commitment to the words, digest of the evidence
// (32 each). It panics if [Header.Check] would refuse the header's strings for
// their length.
func (h Header) Marshal() []byte { return h.appendTo(make([]byte, 0, 320)) }

// appendTo is Marshal into a buffer. It is written by hand because verifying a
// record calls it once per entry; the test compares it with cryptobyte.
func (h Header) appendTo(b []byte) []byte {
	if len(h.Record) > maxName || len(h.Seat) > maxSeat {
		panic("record: header with overlong record or seat")
	}
	b = append(b, headerVersion, byte(len(h.Record)))
	b = append(b, h.Record...)
	b = binary.BigEndian.AppendUint64(b, uint64(h.Number))
	b = binary.BigEndian.AppendUint64(b, uint64(h.Time.UnixMicro()))
	b = append(b, byte(len(h.Seat)))
	b = append(b, h.Seat...)
	b = binary.BigEndian.AppendUint64(b, uint64(h.AuthorSeq))
	b = append(b, h.AuthorPrev[:]...)
	b = append(b, h.Structure[:]...)
	b = append(b, h.Words[:]...)
	return append(b, h.Evidence[:]...)
}

var errHeader = errors.New("the header is not of version 1 as parley writes it: it was cut, extended or altered")

// ParseHeader reads what Marshal wrote. It accepts nothing else: for every
// header h it returns, h.Marshal() is b again.
func ParseHeader(b []byte) (Header, error) {
	var h Header
	if err := h.parse(b, "", nil); err != nil {
		return Header{}, err
	}
	return h, nil
}

// parse reads b into h. Where the record's name and the seat are ones it was
// handed it uses those strings, which spares copies when reading many headers.
func (h *Header) parse(b []byte, record Name, seats map[string]string) error {
	s := cryptobyte.String(b)
	var version uint8
	var name, key cryptobyte.String
	var number, micros, seq uint64
	ok := s.ReadUint8(&version) && version == headerVersion &&
		s.ReadUint8LengthPrefixed(&name) &&
		s.ReadUint64(&number) &&
		s.ReadUint64(&micros) && micros <= maxTime &&
		s.ReadUint8LengthPrefixed(&key) &&
		s.ReadUint64(&seq) &&
		s.CopyBytes(h.AuthorPrev[:]) && s.CopyBytes(h.Structure[:]) &&
		s.CopyBytes(h.Words[:]) && s.CopyBytes(h.Evidence[:]) &&
		s.Empty()
	if !ok {
		return errHeader
	}
	h.Record = record
	if string(name) != string(record) {
		h.Record = Name(name)
	}
	if h.Seat, ok = seats[string(key)]; !ok {
		h.Seat = string(key)
	}
	h.Number, h.AuthorSeq = int64(number), int64(seq)
	h.Time = time.UnixMicro(int64(micros)).UTC()
	if err := h.Check(); err != nil {
		return fmt.Errorf("the header is not one that parley writes: %w", err)
	}
	return nil
}

// Leaf is the header's hash in the tree: SHA-256 of a zero byte and the
// header's bytes (RFC 6962 section 2.1; the same as tlog.RecordHash).
func (h Header) Leaf() Hash {
	return leafHash(h.appendTo(make([]byte, 1, 320)))
}

// leafHash hashes a header which stands after a zero byte in b.
func leafHash(b []byte) Hash { return sha256.Sum256(b) }
