"""The log on the disk: the file and its tables, its records and their hashes, and what a record says."""

from nippo_cli.base.faces import face

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from nippo_cli.journal.log.binding import (
        bind_fast as bind_fast,
        insert_many as insert_many,
    )
    from nippo_cli.journal.log.customer_names import (
        NAME_COLUMNS as NAME_COLUMNS,
        begins_of_customers as begins_of_customers,
        every_name as every_name,
        every_spelling as every_spelling,
        other_spellings as other_spellings,
        stored_names as stored_names,
    )
    from nippo_cli.journal.log.customer_record import (
        called_otherwise as called_otherwise,
        deals_called as deals_called,
        names_of_customers as names_of_customers,
        near_begins as near_begins,
    )
    from nippo_cli.journal.log.damage import (
        as_derived as as_derived,
        has_row as has_row,
        named as named,
        notices as notices,
    )
    from nippo_cli.journal.log.deal_record import (
        DealRecordState as DealRecordState,
        deal_of as deal_of,
        idle_merges as idle_merges,
        joined as joined,
        led_to as led_to,
        merged_ever as merged_ever,
        own_state as own_state,
        placed as placed,
        read_deal as read_deal,
        root as root,
        state_from as state_from,
    )
    from nippo_cli.journal.log.file_lock import (
        lock_alone as lock_alone,
    )
    from nippo_cli.journal.log.foreign_wal import (
        is_foreign as is_foreign,
    )
    from nippo_cli.journal.log.id_paths import (
        ids_in as ids_in,
        with_ids as with_ids,
    )
    from nippo_cli.journal.log.left_deals import (
        deals_once_owned as deals_once_owned,
    )
    from nippo_cli.journal.log.missing import (
        PUT_LOSS as PUT_LOSS,
        count as count,
        in_words as in_words,
        is_lost as is_lost,
        losses as losses,
        lost_of as lost_of,
    )
    from nippo_cli.journal.log.person_record import (
        person_records as person_records,
        put_person as put_person,
        recorded_people as recorded_people,
        stored_persons as stored_persons,
    )
    from nippo_cli.journal.log.record import (
        SALT_BYTES as SALT_BYTES,
        SEAL_2 as SEAL_2,
        Header as Header,
        Sealer as Sealer,
        body_of as body_of,
        canonical as canonical,
        digest as digest,
        hash_faster as hash_faster,
        inner_digest as inner_digest,
        new_device_id as new_device_id,
    )
    from nippo_cli.journal.log.record_line import (
        NoRecord as NoRecord,
        SealedRecord as SealedRecord,
        read_line as read_line,
        sealed_records as sealed_records,
        write_line as write_line,
    )
    from nippo_cli.journal.log.records import (
        BODY as BODY,
        SEAL as SEAL,
        SEALED as SEALED,
        UNREAD as UNREAD,
        Rec as Rec,
        any_met as any_met,
        erased_salt as erased_salt,
        forget_met as forget_met,
        is_day as is_day,
        is_sound as is_sound,
        lenient as lenient,
        one_record as one_record,
        record_of as record_of,
        remains as remains,
        rows as rows,
        select_records as select_records,
        true_device as true_device,
        values_in as values_in,
    )
    from nippo_cli.journal.log.running_heads import (
        PUT_HEAD as PUT_HEAD,
        RunningHead as RunningHead,
        compare_heads as compare_heads,
        note_heads as note_heads,
        noted_heads as noted_heads,
    )
    from nippo_cli.journal.log.schema_line import (
        adopted as adopted,
        put_places as put_places,
        team_line as team_line,
    )
    from nippo_cli.journal.log.schema_migrator import (
        ROLES as ROLES,
        Columns as Columns,
        ReadColumns as ReadColumns,
        SchemaMigrator as SchemaMigrator,
        column_reader as column_reader,
        deadline_reader as deadline_reader,
        history_shape as history_shape,
        why_lost_of as why_lost_of,
    )
    from nippo_cli.journal.log.settings import (
        ROLE as ROLE,
        TEAM as TEAM,
        bare_slot as bare_slot,
        device as device,
        meta as meta,
        own_device as own_device,
        time_zone as time_zone,
    )
    from nippo_cli.journal.log.statements import (
        _LATE as _LATE,
        _MONTH as _MONTH,
        AGREEMENTS as AGREEMENTS,
        ALL_POINTS as ALL_POINTS,
        ANY_DEAL as ANY_DEAL,
        ANY_RECORD as ANY_RECORD,
        ANY_SOURCE as ANY_SOURCE,
        BATCH_SHA256 as BATCH_SHA256,
        CUSTOMERS as CUSTOMERS,
        DEVICE_IDS as DEVICE_IDS,
        EVERY as EVERY,
        EVERY_CUSTOMER as EVERY_CUSTOMER,
        HEAD_COLUMNS as HEAD_COLUMNS,
        HEADS as HEADS,
        INSERT_RECORD as INSERT_RECORD,
        MERGED_HERE as MERGED_HERE,
        MERGED_INTO as MERGED_INTO,
        META as META,
        NAME_TAG as NAME_TAG,
        NAMED as NAMED,
        NAMES as NAMES,
        NUMBERS as NUMBERS,
        POINT_COLUMNS as POINT_COLUMNS,
        POINT_CUSTOMERS as POINT_CUSTOMERS,
        POINTS as POINTS,
        PUT_NAME as PUT_NAME,
        REC as REC,
        RECORD_COLUMNS as RECORD_COLUMNS,
        SELECT_SLOTS as SELECT_SLOTS,
        SET_META as SET_META,
        SHAPE as SHAPE,
    )
    from nippo_cli.journal.log.store import (
        DAMAGE as DAMAGE,
        WAIT_MS as WAIT_MS,
        be_durable as be_durable,
        begin_device as begin_device,
        blames_disk as blames_disk,
        connect as connect,
        connect_ro as connect_ro,
        disk_refusal as disk_refusal,
        draw_slot as draw_slot,
        expect_regular as expect_regular,
        format_of as format_of,
        identity as identity,
        integrity_faults as integrity_faults,
        is_damaged as is_damaged,
        look_into as look_into,
        rollback_journal as rollback_journal,
        tells_of_content as tells_of_content,
        usable as usable,
    )
    from nippo_cli.journal.log.twins import (
        all_twins as all_twins,
        erased_elsewhere as erased_elsewhere,
        put_twins as put_twins,
        put_twins_among as put_twins_among,
        put_twins_of as put_twins_of,
        twins_of as twins_of,
    )
    from nippo_cli.journal.log.versions import (
        KINDS as KINDS,
        NOWHERE as NOWHERE,
        Batches as Batches,
        EntryState as EntryState,
        Reach as Reach,
        begins_deal as begins_deal,
        body_now as body_now,
        damage_in_force as damage_in_force,
        deals_ever as deals_ever,
        entry_versions as entry_versions,
        first_version as first_version,
        not_retracted as not_retracted,
        reach as reach,
        retracted as retracted,
        tree as tree,
    )
else:
    __getattr__ = face(
        __name__,
        {
            "schema_line": "adopted put_places team_line",
            "binding": "bind_fast insert_many",
            "customer_names": "NAME_COLUMNS begins_of_customers every_name every_spelling other_spellings stored_names",
            "customer_record": "called_otherwise deals_called names_of_customers near_begins",
            "damage": "as_derived has_row named notices",
            "deal_record": "DealRecordState deal_of idle_merges joined led_to merged_ever own_state placed read_deal "
            "root state_from",
            "file_lock": "lock_alone",
            "foreign_wal": "is_foreign",
            "id_paths": "ids_in with_ids",
            "left_deals": "deals_once_owned",
            "missing": "PUT_LOSS count in_words is_lost losses lost_of",
            "person_record": "put_person recorded_people person_records stored_persons",
            "record": "Header SALT_BYTES SEAL_2 Sealer body_of canonical digest hash_faster inner_digest new_device_id",
            "record_line": "NoRecord SealedRecord read_line sealed_records write_line",
            "records": "BODY Rec SEAL SEALED UNREAD any_met erased_salt forget_met is_day is_sound lenient one_record record_of "
            "remains rows select_records true_device values_in",
            "running_heads": "PUT_HEAD RunningHead compare_heads note_heads noted_heads",
            "schema_migrator": "Columns ROLES ReadColumns SchemaMigrator column_reader deadline_reader history_shape why_lost_of",
            "settings": "ROLE TEAM bare_slot device meta own_device time_zone",
            "statements": "AGREEMENTS ALL_POINTS ANY_DEAL ANY_RECORD ANY_SOURCE BATCH_SHA256 CUSTOMERS DEVICE_IDS EVERY_CUSTOMER "
            "EVERY HEADS HEAD_COLUMNS INSERT_RECORD MERGED_HERE MERGED_INTO META NAMED NAMES NAME_TAG NUMBERS POINTS POINT_COLUMNS "
            "POINT_CUSTOMERS PUT_NAME REC RECORD_COLUMNS SELECT_SLOTS SET_META SHAPE _LATE _MONTH",
            "store": "DAMAGE WAIT_MS be_durable begin_device blames_disk connect connect_ro disk_refusal draw_slot expect_regular "
            "format_of identity integrity_faults is_damaged look_into rollback_journal tells_of_content usable",
            "twins": "all_twins erased_elsewhere put_twins put_twins_among put_twins_of twins_of",
            "versions": "Batches EntryState KINDS NOWHERE Reach begins_deal body_now deals_ever entry_versions first_version not_retracted "
            "reach retracted damage_in_force tree",
        },
    )
