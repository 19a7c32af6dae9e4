package programs

// Entry is one of a ledger. Loops over such elements are where the compiler goes from one
// to the next by address, and bodies by index.
type Entry struct {
	Account string
	Cents   int
	Cause   *Entry // what it was booked with, or nil
}

// NewLedger returns n entries.
func NewLedger(n int) []Entry {
	list := make([]Entry, n)
	for i := range list {
		list[i] = Entry{Account: "account"[:i%8], Cents: i * 7 % 1001}
		if i%3 == 0 {
			list[i].Cause = &list[i/2]
		}
	}
	return list
}

// Balance adds up what the entries and their causes say, several times over.
//
//coro:body
func Balance(list []Entry, rounds int) (sum int) {
	for range rounds {
		for _, e := range list {
			sum += e.Cents + len(e.Account)
			if e.Cause != nil {
				sum -= e.Cause.Cents
			}
		}
	}
	return sum
}
