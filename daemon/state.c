/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What outlives a crash: one record a tunnel, in LMDB, in a folder on tmpfs.
 *
 * A daemon that was killed leaves peers that believe in their tunnels and refuse new ones. Its
 * successor reads the records, says StopCCN with the sequence numbers that the peer expects, and
 * starts afresh. Changes are collected and written once a turn of the loop.
 */
#include "aditd.h"

#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"

#define MAP_SIZE (64u << 20)

/* Raised when struct tunnel_core changes: a record of another version is dropped. */
#define RECORD_VERSION 1

struct record {
	uint32_t version;
	uint32_t size;
	struct tunnel_core core;
};

/* A tunnel's place in the list of what is to be written. */
struct slot {
	struct list dirty;
	struct l2tp_tunnel *tunnel; /* NULL: to be deleted */
	uint16_t tunnel_id;
};

struct state_db {
	MDB_env *env;
	MDB_dbi dbi;
	struct list dirty;
};

/* LMDB's own codes are below -30000, errno's positive. */
static int to_errno(int rc)
{
	if (rc > 0)
		return -rc;
	return rc ? -EIO : 0;
}

static int open_table(struct state_db *state)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(state->env, NULL, 0, &txn);

	if (rc)
		return rc;
	rc = mdb_dbi_open(txn, NULL, MDB_INTEGERKEY, &state->dbi);
	if (rc) {
		mdb_txn_abort(txn);
		return rc;
	}
	return mdb_txn_commit(txn);
}

int state_open(const char *path, struct state_db **ret)
{
	struct state_db *state = mem_alloc(sizeof(*state));
	char file[256];
	int rc;

	if (!state)
		return -ENOMEM;
	list_init(&state->dirty);
	snprintf(file, sizeof(file), "%s/tunnels.mdb", path);
	rc = mdb_env_create(&state->env);
	if (!rc)
		rc = mdb_env_set_mapsize(state->env, MAP_SIZE);
	/* Synchronising would only guard against the loss of power, with which tmpfs goes too. */
	if (!rc)
		rc = mdb_env_open(state->env, file, MDB_NOSUBDIR | MDB_NOSYNC, 0600);
	if (!rc)
		rc = open_table(state);
	if (rc) {
		state_close(state);
		return to_errno(rc);
	}
	*ret = state;
	return 0;
}

static void slot_free(struct slot *slot)
{
	list_remove(&slot->dirty);
	if (slot->tunnel)
		slot->tunnel->state_slot = NULL;
	mem_free(slot);
}

void state_close(struct state_db *state)
{
	struct slot *slot, *after;

	if (!state)
		return;
	list_for_each_safe (slot, after, &state->dirty, dirty)
		slot_free(slot);
	if (state->env)
		mdb_env_close(state->env);
	mem_free(state);
}

static int read_all(struct state_db *state, MDB_txn *txn,
		    void (*each)(void *ctx, const struct tunnel_core *core), void *ctx)
{
	struct record record;
	MDB_cursor *cursor;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn, state->dbi, &cursor);

	if (rc)
		return rc;
	while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
		if (value.mv_size != sizeof(record))
			continue;
		memcpy(&record, value.mv_data, sizeof(record));
		if (record.version == RECORD_VERSION && record.size == sizeof(record))
			each(ctx, &record.core);
	}
	mdb_cursor_close(cursor);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

void state_take(struct state_db *state, void (*each)(void *ctx, const struct tunnel_core *core),
		void *ctx)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(state->env, NULL, 0, &txn);

	if (rc) {
		log_warning("cannot read the state of before: %s", mdb_strerror(rc));
		return;
	}
	rc = read_all(state, txn, each, ctx);
	if (!rc)
		rc = mdb_drop(txn, state->dbi, 0);
	if (rc) {
		log_warning("cannot read the state of before: %s", mdb_strerror(rc));
		mdb_txn_abort(txn);
		return;
	}
	rc = mdb_txn_commit(txn);
	if (rc)
		log_warning("cannot forget the state of before: %s", mdb_strerror(rc));
}

void state_mark(struct state_db *state, struct l2tp_tunnel *t)
{
	struct slot *slot = t->state_slot;

	/* Without the peer's id there is nothing that could be said to it later. */
	if (!state || !t->core.peer_tunnel_id)
		return;
	if (!slot) {
		slot = mem_alloc(sizeof(*slot));
		if (!slot)
			return;
		list_init(&slot->dirty);
		slot->tunnel = t;
		slot->tunnel_id = t->core.tunnel_id;
		t->state_slot = slot;
	}
	if (list_empty(&slot->dirty))
		list_append(&state->dirty, &slot->dirty);
}

void state_forget(struct state_db *state, struct l2tp_tunnel *t)
{
	struct slot *slot = t->state_slot;

	if (!slot)
		return;
	slot->tunnel = NULL;
	t->state_slot = NULL;
	if (list_empty(&slot->dirty))
		list_append(&state->dirty, &slot->dirty);
}

static int write_slot(struct state_db *state, MDB_txn *txn, const struct slot *slot)
{
	unsigned int id = slot->tunnel_id;
	MDB_val key = {sizeof(id), &id};
	struct record record = {.version = RECORD_VERSION, .size = sizeof(record)};
	MDB_val value = {sizeof(record), &record};
	int rc;

	if (slot->tunnel) {
		record.core = slot->tunnel->core;
		return mdb_put(txn, state->dbi, &key, &value, 0);
	}
	rc = mdb_del(txn, state->dbi, &key, NULL);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

int state_flush(struct state_db *state)
{
	struct slot *slot, *after;
	MDB_txn *txn;
	int rc;

	if (!state || list_empty(&state->dirty))
		return 0;
	rc = mdb_txn_begin(state->env, NULL, 0, &txn);
	if (rc)
		return to_errno(rc);
	/* In the order of marking: an id given up and taken again in one turn ends as the new. */
	list_for_each (slot, &state->dirty, dirty) {
		rc = write_slot(state, txn, slot);
		if (rc)
			break;
	}
	if (rc) {
		mdb_txn_abort(txn);
		return to_errno(rc);
	}
	rc = mdb_txn_commit(txn);
	if (rc)
		return to_errno(rc);
	list_for_each_safe (slot, after, &state->dirty, dirty) {
		list_remove(&slot->dirty);
		if (!slot->tunnel)
			slot_free(slot);
	}
	return 0;
}
