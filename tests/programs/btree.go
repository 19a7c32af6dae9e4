package programs

import "github.com/morestack/morestack/coro"

// BTree is a set of integers in a B-tree. The zero BTree is empty.
type BTree struct{ root *btreeNode }

// btreeNode has between btreeMin and 2*btreeMin keys, the root any number up to
// that, and one child more than keys, or none.
type btreeNode struct {
	keys     []int
	children []*btreeNode
}

const btreeMin = 3

// Insert adds the key, if it is not there yet.
func (t *BTree) Insert(key int) {
	if t.root == nil {
		t.root = &btreeNode{}
	}
	if key, right := t.root.insert(key); right != nil {
		t.root = &btreeNode{[]int{key}, []*btreeNode{t.root, right}}
	}
}

// insert adds the key below n. If n becomes too large, it is split: the key in
// the middle and all that is right of it are returned.
func (n *btreeNode) insert(key int) (int, *btreeNode) {
	i := 0
	for i < len(n.keys) && n.keys[i] < key {
		i++
	}
	if i < len(n.keys) && n.keys[i] == key {
		return 0, nil
	}
	var right *btreeNode
	if len(n.children) > 0 {
		if key, right = n.children[i].insert(key); right == nil {
			return 0, nil
		}
		n.children = append(n.children, nil)
		copy(n.children[i+2:], n.children[i+1:])
		n.children[i+1] = right
	}
	n.keys = append(n.keys, 0)
	copy(n.keys[i+1:], n.keys[i:])
	n.keys[i] = key
	if len(n.keys) <= 2*btreeMin {
		return 0, nil
	}
	key = n.keys[btreeMin]
	right = &btreeNode{keys: append([]int(nil), n.keys[btreeMin+1:]...)}
	n.keys = n.keys[:btreeMin]
	if len(n.children) > 0 {
		right.children = append(right.children, n.children[btreeMin+1:]...)
		n.children = n.children[:btreeMin+1]
	}
	return key, right
}

// Values yields the keys of the set in ascending order.
//
//coro:body
func (t *BTree) Values(y *coro.Yielder[int, struct{}]) {
	if t.root != nil {
		t.root.values(y)
	}
}

//coro:body
func (n *btreeNode) values(y *coro.Yielder[int, struct{}]) {
	for i, key := range n.keys {
		if len(n.children) > 0 {
			n.children[i].values(y)
		}
		y.Yield(key)
	}
	if len(n.children) > 0 {
		n.children[len(n.keys)].values(y)
	}
}

// source is a coroutine and the value it yielded last.
type source struct {
	value int
	from  coro.Coroutine[int, struct{}]
}

// Merge yields in ascending order what the sources yield, each of them in
// ascending order: a body that resumes coroutines.
//
//coro:body
func Merge(y *coro.Yielder[int, struct{}], sources []coro.Coroutine[int, struct{}]) {
	var heap []source // no parent is larger than its children 2i+1 and 2i+2
	for _, from := range sources {
		if value, ok := from.Resume(struct{}{}); ok {
			heap = append(heap, source{value, from})
		}
	}
	for i := len(heap)/2 - 1; i >= 0; i-- {
		siftDown(heap, i)
	}
	for len(heap) > 0 {
		y.Yield(heap[0].value)
		value, ok := heap[0].from.Resume(struct{}{})
		if ok {
			heap[0].value = value
		} else {
			heap[0] = heap[len(heap)-1]
			heap = heap[:len(heap)-1]
		}
		siftDown(heap, 0)
	}
}

//coro:body
func siftDown(heap []source, i int) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && heap[child+1].value < heap[child].value {
			child++
		}
		if heap[i].value <= heap[child].value {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
