package constructs

var channels = []cell{
	{"buffered", func(t *transcript) {
		c := newBuffered()
		run(t, c, 3, 4)
		t.results(c.Results())
	}},
	{"unbuffered", func(t *transcript) {
		to, from := make(chan int), make(chan int)
		go func() {
			for v := range to {
				from <- v * 2
			}
			from <- 1000
			close(from)
		}()
		c := newPingPong(to, from)
		run(t, c, 1, 10)
		t.results(c.Results())
	}},
	{"kinds", func(t *transcript) {
		c := newChannelKinds()
		run(t, c, 7)
		t.results(c.Results())
	}},
	{"select", func(t *transcript) {
		c := newSelects()
		run(t, c, 0, 0, 1, 0, 2, 0, 3, 0)
		t.results(c.Results())
	}},
	{"blocking select", func(t *transcript) {
		a, b, done := make(chan int), make(chan int), make(chan struct{})
		go func() {
			for i := range 6 {
				if i%2 == 0 {
					a <- i
				} else {
					b <- i
				}
			}
			close(done)
		}()
		c := newSelectBlocks(a, b, done)
		run(t, c)
		t.results(c.Results())
	}},
	{"select with sends", func(t *transcript) {
		to := make(chan int, 3)
		c := newSelectSends(to)
		run(t, c, 10, 20, 30, 40)
		t.results(c.Results())
		for len(to) > 0 {
			t.results(<-to)
		}
	}},
	{"timeout", func(t *transcript) {
		c := newSelectTimeout(nil)
		run(t, c)
		t.results(c.Results())
	}},
	{"comparisons", func(t *transcript) {
		a := make(chan int, 2)
		a <- 1
		for _, b := range []chan int{a, nil} {
			c := newChannelComparisons(a, b)
			run(t, c)
			t.results(c.Results())
		}
	}},
}
