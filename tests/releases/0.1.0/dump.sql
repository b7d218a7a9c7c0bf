SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.accounts_consents_are_only_added_to() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.owner_id::text = current_setting('reflect.erasing', true) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger of consents is only added to' USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.assessments_published_never_changes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.published_at IS NULL THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version of the questionnaire is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.retired_at IS NULL THEN
        OLD.retired_at := NEW.retired_at;
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a published version of the questionnaire is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.assessments_submitted_never_changes() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a submitted response is never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id uuid NOT NULL
);

ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);

ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_consent (
    id bigint NOT NULL,
    purpose character varying(32) NOT NULL,
    version smallint NOT NULL,
    words_sha256 character varying(64) NOT NULL,
    given boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    owner_id uuid NOT NULL,
    CONSTRAINT accounts_consent_version_check CHECK ((version >= 0))
);

ALTER TABLE public.accounts_consent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_datakey (
    owner_id uuid NOT NULL,
    wrapped_by character varying(32) NOT NULL,
    wrapped bytea NOT NULL
);

CREATE TABLE public.accounts_user (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL,
    is_specialist boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sealed_name bytea,
    timezone character varying(64) NOT NULL,
    language character varying(16) NOT NULL,
    theme character varying(6) NOT NULL,
    exit_destination character varying(12) NOT NULL,
    exit_keys boolean NOT NULL,
    gentle_prompts boolean NOT NULL,
    closes_at timestamp with time zone,
    closing_notices smallint NOT NULL,
    CONSTRAINT accounts_user_closing_notices_check CHECK ((closing_notices >= 0)),
    CONSTRAINT user_email_is_lower_case CHECK (((email)::text = lower((email)::text))),
    CONSTRAINT user_notices_are_of_a_closing CHECK (((closing_notices = 0) OR ((closes_at IS NOT NULL) AND (closing_notices <= 2))))
);

CREATE TABLE public.accounts_user_groups (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    group_id integer NOT NULL
);

ALTER TABLE public.accounts_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.accounts_user_user_permissions (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.accounts_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.assessments_groupfigures (
    id bigint NOT NULL,
    form character varying(5) NOT NULL,
    n integer NOT NULL,
    figures jsonb NOT NULL,
    worked_out_at timestamp with time zone NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT assessments_groupfigures_n_check CHECK ((n >= 0)),
    CONSTRAINT groupfigures_form_is_known CHECK (((form)::text = ANY ((ARRAY['short'::character varying, 'full'::character varying])::text[])))
);

ALTER TABLE public.assessments_groupfigures ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.assessments_groupfigures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.assessments_instrumentversion (
    id bigint NOT NULL,
    slug character varying(32) NOT NULL,
    version smallint NOT NULL,
    language character varying(16) NOT NULL,
    algorithm smallint NOT NULL,
    title character varying(200) NOT NULL,
    source text NOT NULL,
    sha256 character varying(64) NOT NULL,
    published_at timestamp with time zone,
    retired_at timestamp with time zone,
    CONSTRAINT assessments_instrumentversion_algorithm_check CHECK ((algorithm >= 0)),
    CONSTRAINT assessments_instrumentversion_version_check CHECK ((version >= 0)),
    CONSTRAINT instrumentversion_retired_after_published CHECK (((retired_at IS NULL) OR (retired_at >= published_at)))
);

ALTER TABLE public.assessments_instrumentversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.assessments_instrumentversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.assessments_response (
    id uuid NOT NULL,
    form character varying(5) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    revision integer NOT NULL,
    sealed bytea NOT NULL,
    owner_id uuid NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT assessments_response_revision_check CHECK ((revision >= 0)),
    CONSTRAINT response_form_is_known CHECK (((form)::text = ANY ((ARRAY['short'::character varying, 'full'::character varying])::text[])))
);

CREATE TABLE public.assessments_result (
    id uuid NOT NULL,
    form character varying(5) NOT NULL,
    algorithm smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sealed bytea NOT NULL,
    owner_id uuid NOT NULL,
    response_id uuid NOT NULL,
    version_id bigint NOT NULL,
    CONSTRAINT assessments_result_algorithm_check CHECK ((algorithm >= 0)),
    CONSTRAINT result_form_is_known CHECK (((form)::text = ANY ((ARRAY['short'::character varying, 'full'::character varying])::text[])))
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.cache (
    cache_key character varying(255) NOT NULL,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);

CREATE TABLE public.consultations_block (
    id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    other_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    CONSTRAINT block_not_oneself CHECK ((NOT (owner_id = other_id)))
);

ALTER TABLE public.consultations_block ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_block_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consultations_booking (
    id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    status character varying(23) NOT NULL,
    format character varying(5) NOT NULL,
    sealed bytea,
    mail boolean,
    remind_day boolean NOT NULL,
    remind_hour boolean NOT NULL,
    token uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    sequence integer NOT NULL,
    reschedules smallint NOT NULL,
    unseen boolean NOT NULL,
    client_fit character varying(6) NOT NULL,
    specialist_fit character varying(6) NOT NULL,
    objected_at timestamp with time zone,
    settled_at timestamp with time zone,
    client_id uuid,
    specialist_id uuid,
    slot_id bigint,
    CONSTRAINT booking_not_with_oneself CHECK (((client_id IS NULL) OR (specialist_id IS NULL) OR (NOT ((client_id = specialist_id) AND (client_id IS NOT NULL) AND (specialist_id IS NOT NULL))))),
    CONSTRAINT booking_status_is_known CHECK (((status)::text = ANY ((ARRAY['booked'::character varying, 'completed'::character varying, 'client_no_show'::character varying, 'specialist_no_show'::character varying, 'cancelled_by_client'::character varying, 'cancelled_by_specialist'::character varying])::text[]))),
    CONSTRAINT booking_takes_30_minutes CHECK ((ends_at = (starts_at + '00:30:00'::interval))),
    CONSTRAINT consultations_booking_reschedules_check CHECK ((reschedules >= 0)),
    CONSTRAINT consultations_booking_sequence_check CHECK ((sequence >= 0))
);

CREATE TABLE public.consultations_bookingchange (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    side character varying(10) NOT NULL,
    status character varying(23) NOT NULL,
    moved_from timestamp with time zone,
    booking_id uuid NOT NULL
);

ALTER TABLE public.consultations_bookingchange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_bookingchange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consultations_dateoverride (
    id bigint NOT NULL,
    date date NOT NULL,
    starts smallint,
    ends smallint,
    specialist_id uuid NOT NULL,
    CONSTRAINT consultations_dateoverride_ends_check CHECK ((ends >= 0)),
    CONSTRAINT consultations_dateoverride_starts_check CHECK ((starts >= 0)),
    CONSTRAINT override_runs_forwards CHECK ((((ends IS NULL) AND (starts IS NULL)) OR ((ends IS NOT NULL) AND (ends <= 1440) AND (starts IS NOT NULL) AND (starts < ends))))
);

ALTER TABLE public.consultations_dateoverride ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_dateoverride_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consultations_message (
    id uuid NOT NULL,
    kind character varying(12) NOT NULL,
    key character varying(80) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    sent_at timestamp with time zone,
    dropped_at timestamp with time zone,
    booking_id uuid,
    wait_id uuid,
    owner_id uuid NOT NULL,
    CONSTRAINT message_sent_or_dropped CHECK (((sent_at IS NULL) OR (dropped_at IS NULL)))
);

CREATE TABLE public.consultations_offer (
    id bigint NOT NULL,
    told_at timestamp with time zone NOT NULL,
    slot_id bigint NOT NULL,
    wait_id uuid NOT NULL
);

ALTER TABLE public.consultations_offer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consultations_photo (
    specialist_id uuid NOT NULL,
    sha256 character varying(64) NOT NULL,
    webp bytea NOT NULL,
    CONSTRAINT photo_is_small CHECK ((octet_length(webp) <= 100000))
);

CREATE TABLE public.consultations_slot (
    id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    is_open boolean NOT NULL,
    closed boolean NOT NULL,
    extra boolean NOT NULL,
    specialist_id uuid NOT NULL,
    CONSTRAINT slot_closed_is_not_open CHECK ((NOT (closed AND is_open))),
    CONSTRAINT slot_takes_30_minutes CHECK ((ends_at = (starts_at + '00:30:00'::interval)))
);

ALTER TABLE public.consultations_slot ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_slot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.consultations_specialist (
    user_id uuid NOT NULL,
    slug character varying(80) NOT NULL,
    status character varying(9) NOT NULL,
    name character varying(60) NOT NULL,
    profession character varying(100) NOT NULL,
    years smallint,
    about text NOT NULL,
    languages character varying(8)[] NOT NULL,
    themes character varying(40)[] NOT NULL,
    formats character varying(5)[] NOT NULL,
    sealed_addresses bytea,
    timezone character varying(64) NOT NULL,
    notice_hours smallint NOT NULL,
    offers_free boolean NOT NULL,
    paused boolean NOT NULL,
    allows_another boolean NOT NULL,
    register_name character varying(120) NOT NULL,
    register_number character varying(60) NOT NULL,
    register_url character varying(300) NOT NULL,
    submitted_at timestamp with time zone,
    verified_at timestamp with time zone,
    check_again_on date,
    returned_because character varying(500) NOT NULL,
    feed_hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    verified_by_id uuid,
    CONSTRAINT consultations_specialist_notice_hours_check CHECK ((notice_hours >= 0)),
    CONSTRAINT consultations_specialist_years_check CHECK ((years >= 0)),
    CONSTRAINT specialist_formats_are_known CHECK ((formats <@ ARRAY['video'::character varying(5), 'phone'::character varying(5), 'text'::character varying(5)])),
    CONSTRAINT specialist_status_is_known CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'submitted'::character varying, 'verified'::character varying, 'hidden'::character varying, 'suspended'::character varying])::text[]))),
    CONSTRAINT specialist_verified_by_a_date CHECK (((NOT ((status)::text = 'verified'::text)) OR ((check_again_on IS NOT NULL) AND (verified_at IS NOT NULL))))
);

CREATE TABLE public.consultations_wait (
    id uuid NOT NULL,
    theme character varying(40) NOT NULL,
    language character varying(8) NOT NULL,
    mail boolean,
    made_at timestamp with time zone NOT NULL,
    owner_id uuid NOT NULL,
    specialist_id uuid,
    CONSTRAINT wait_for_somebody_or_something CHECK (((((language)::text = ''::text) AND (specialist_id IS NOT NULL) AND ((theme)::text = ''::text)) OR ((specialist_id IS NULL) AND (NOT (((language)::text = ''::text) AND ((theme)::text = ''::text))))))
);

CREATE TABLE public.consultations_weeklyhours (
    id bigint NOT NULL,
    weekday smallint NOT NULL,
    starts smallint NOT NULL,
    ends smallint NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    specialist_id uuid NOT NULL,
    CONSTRAINT consultations_weeklyhours_ends_check CHECK ((ends >= 0)),
    CONSTRAINT consultations_weeklyhours_starts_check CHECK ((starts >= 0)),
    CONSTRAINT consultations_weeklyhours_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT hours_run_forwards CHECK (((ends <= 1440) AND (starts < ends))),
    CONSTRAINT hours_valid_forwards CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
    CONSTRAINT hours_weekday_is_known CHECK ((weekday <= 6))
);

ALTER TABLE public.consultations_weeklyhours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_weeklyhours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id uuid NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);

ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.guide_prompt (
    id bigint NOT NULL,
    key character varying(40) NOT NULL,
    theme character varying(20) NOT NULL,
    title character varying(90) NOT NULL,
    why character varying(200) NOT NULL,
    steps character varying(200)[] NOT NULL,
    minutes smallint NOT NULL,
    care boolean NOT NULL,
    suppressed_if_unsafe boolean NOT NULL,
    "order" smallint NOT NULL,
    published boolean NOT NULL,
    CONSTRAINT guide_prompt_minutes_check CHECK ((minutes >= 0)),
    CONSTRAINT guide_prompt_order_check CHECK (("order" >= 0)),
    CONSTRAINT prompt_minutes CHECK (((minutes >= 3) AND (minutes <= 15))),
    CONSTRAINT prompt_theme_is_known CHECK (((theme)::text = ANY ((ARRAY[''::character varying, 'balance'::character varying, 'illusions'::character varying, 'self-worth'::character varying, 'pressure'::character varying, 'refusals'::character varying, 'inner-resources'::character varying, 'self-reflection'::character varying, 'reciprocity'::character varying, 'healthier-model'::character varying, 'real-connection'::character varying])::text[])))
);

ALTER TABLE public.guide_prompt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.guide_prompt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal_entry (
    id uuid NOT NULL,
    date timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    binned_at timestamp with time zone,
    pinned boolean NOT NULL,
    revision integer NOT NULL,
    client uuid NOT NULL,
    sequence integer NOT NULL,
    sealed bytea NOT NULL,
    owner_id uuid NOT NULL,
    CONSTRAINT entry_revision_from_one CHECK ((revision >= 1)),
    CONSTRAINT journal_entry_revision_check CHECK ((revision >= 0)),
    CONSTRAINT journal_entry_sequence_check CHECK ((sequence >= 0))
);

CREATE TABLE public.journal_promptchoice (
    id bigint NOT NULL,
    prompt character varying(40) NOT NULL,
    choice character varying(6) NOT NULL,
    owner_id uuid NOT NULL,
    CONSTRAINT promptchoice_is_known CHECK (((choice)::text = ANY ((ARRAY['kept'::character varying, 'hidden'::character varying])::text[])))
);

ALTER TABLE public.journal_promptchoice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.journal_promptchoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.journal_reminder (
    owner_id uuid NOT NULL,
    weekday smallint NOT NULL,
    hour smallint NOT NULL,
    next_at timestamp with time zone NOT NULL,
    CONSTRAINT journal_reminder_hour_check CHECK ((hour >= 0)),
    CONSTRAINT journal_reminder_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT reminder_hour CHECK ((hour <= 23)),
    CONSTRAINT reminder_weekday CHECK ((weekday <= 6))
);

CREATE TABLE public.journal_revision (
    id uuid NOT NULL,
    number integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    beside boolean NOT NULL,
    client uuid NOT NULL,
    sequence integer NOT NULL,
    sealed bytea NOT NULL,
    entry_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    date timestamp with time zone NOT NULL,
    pinned boolean NOT NULL,
    CONSTRAINT journal_revision_number_check CHECK ((number >= 0)),
    CONSTRAINT journal_revision_sequence_check CHECK ((sequence >= 0))
);

CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mfa_authenticator_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.usersessions_usersession (
    id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    ip inet NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    session_key character varying(40) NOT NULL,
    user_agent character varying(200) NOT NULL,
    data jsonb NOT NULL,
    user_id uuid NOT NULL
);

ALTER TABLE public.usersessions_usersession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.usersessions_usersession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

COPY public.account_emailaddress (id, email, verified, "primary", user_id) FROM stdin;
1	dana@example.org	t	t	f47484d4-ca45-4dc7-80c0-2546d3ef0042
2	ana@example.org	t	t	127c0abc-db24-46bb-aabd-f0a0b61c5399
3	ben@example.org	t	t	5599dc26-2cc5-4bf9-870c-8b6418df4be5
4	eva@example.org	t	t	a596e3b8-91cc-4b60-9866-921b673ba1a8
5	mara@example.org	t	t	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
6	jon@example.org	t	t	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
7	lena@example.org	t	t	45379837-80fa-41aa-a59b-0971e9debb24
\.

COPY public.account_emailconfirmation (id, created, sent, key, email_address_id) FROM stdin;
\.

COPY public.accounts_consent (id, purpose, version, words_sha256, given, at, owner_id) FROM stdin;
1	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-01-28 09:00:00+00	f47484d4-ca45-4dc7-80c0-2546d3ef0042
2	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-03-19 09:00:00+00	127c0abc-db24-46bb-aabd-f0a0b61c5399
3	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-03-19 09:00:00+00	5599dc26-2cc5-4bf9-870c-8b6418df4be5
4	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-03-19 09:00:00+00	a596e3b8-91cc-4b60-9866-921b673ba1a8
5	questionnaire	1	6fdb6f696ae60ea062630816d34411faac4b5a9bda83a968097a1587b6c3e218	t	2026-05-07 09:00:00+00	127c0abc-db24-46bb-aabd-f0a0b61c5399
6	group_statistics	1	030bb1620200f72aea6990145c3a36da8e4f850fbd66c1351b35d179e0ed7204	t	2026-08-26 09:00:00+00	127c0abc-db24-46bb-aabd-f0a0b61c5399
7	group_statistics	1	030bb1620200f72aea6990145c3a36da8e4f850fbd66c1351b35d179e0ed7204	f	2026-08-27 09:00:00+00	127c0abc-db24-46bb-aabd-f0a0b61c5399
8	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-09-05 09:00:00+00	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
9	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-09-05 09:00:00+00	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
10	adult	1	e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd	t	2026-09-25 09:00:00+00	45379837-80fa-41aa-a59b-0971e9debb24
\.

COPY public.accounts_datakey (owner_id, wrapped_by, wrapped) FROM stdin;
127c0abc-db24-46bb-aabd-f0a0b61c5399	release	\\x01d54c90430650135ebfe75d05109c620b8e2b7b49d3e94ac666d4e7f7ceb0b91ce6849521b1e1c58d8e62cd2fe0e92dd15460baa9014a60f1afe0c7b7
5599dc26-2cc5-4bf9-870c-8b6418df4be5	release	\\x013b209e91eec302c3c48995a345f8fb1939d1d9e7af7c77deeff6580a627970f10f3291de4653b5717a6e7aea8c56318ee5a4307ca938f26593e5cc49
420a3764-0b8a-4d26-bcda-6ce3aba18d9d	release	\\x01896eb8ec21796f18beb94273af55e54b0f78bb3c91e07718f06a45cd1325cf1dc5a7170b267db63680088438f9ceb3251fc7cd9134f4db9c725b9219
879bfe4f-1ebf-4e03-bc7a-9e559806ee32	release	\\x015fb1c1dd17015284d0e143644736108cf6c66e0cd5a2ca882ead982d4e65b3548685fec03af772e19750e42e463cdaca2483b2e316c685b3a8fff94c
\.

COPY public.accounts_user (password, last_login, is_superuser, id, email, is_active, is_staff, is_specialist, created_at, sealed_name, timezone, language, theme, exit_destination, exit_keys, gentle_prompts, closes_at, closing_notices) FROM stdin;
argon2$argon2id$v=19$m=19456,t=2,p=1$MTRrYWpWZGUwZDIwQnJacTBoSGcwNw$gLbx+vFK+iFMhUEZ+dFHlJmzK4sNLlXSy4Mco1AjYFc	\N	t	f47484d4-ca45-4dc7-80c0-2546d3ef0042	dana@example.org	t	t	f	2026-01-28 09:00:00+00	\N	UTC	en	system	weather	t	f	\N	0
argon2$argon2id$v=19$m=19456,t=2,p=1$SjFVQXl0SUpyZ3l3amk0OWtjNHNlNg$7oSsCZK4nsURLy8GYa4jcuaDFPiejQ7kH7AIPphm3k4	\N	f	127c0abc-db24-46bb-aabd-f0a0b61c5399	ana@example.org	t	f	f	2026-03-19 09:00:00+00	\\x019491c42a1f2953ac0dcee16f8355a4fd169a95269d533f352b142730c1a3428d24347b5566da2a9b5c8fc166177098800519fdd1d38c772ac66c91c04500551c436725fb5cba5d1419a4009ea120a102108ebb8992f33ce55056899b7ef9aca648846dd2d5731188c6aefe80dcefadd1312188cb3a1effdf61f908585ba3e270e0e187d6ff49997716c6cb7d39a069f7603850e378d20718a36dc4285a9eb9a2be4fa4a15dea468bf0d013b62f647523597b160da3414c5e713688fcf74f714410852d6e9b97dfa90c86cd0a969c1cc02f23e689c42b0c315cf7aa8cca4f4729c270a69bd880ba6ea248cdd78cac9ffaabbe215327aa428282fb890d4d9d8b4011d56a09fe71393fc2e37807de48363492c14c3d3eb801a012d2c43a	Europe/Lisbon	en	dark	search	t	t	\N	0
argon2$argon2id$v=19$m=19456,t=2,p=1$dXducVV2M0hHYWozVVgySHFVbEdpTw$2PzXmmHORQ+g/WWumwUgFU9542BTQpsCNH69QowprNE	\N	f	5599dc26-2cc5-4bf9-870c-8b6418df4be5	ben@example.org	t	f	f	2026-03-19 09:00:00+00	\\x0175f8dc05ae97b54fd11ed0a3f8167c0ceba2f408d14b19998c3734c97aedb93301282311a2832a4a54c4fad33e0fa83761326b59e7e0c11feb5ff8725e49a7bdbea12911a254839aaf463d978090f79319011ec0014d5bf2ecc936774cc338ac506747c8a43a5f02fe9e3b539731c97f58a374aa3f7690bbd8f8c605397f42fcd3889bdfd68f9895e11fb25783499d40fa3c3b882fc73db67d00f1cebe7ffc764e9bed6884753516dea9e432ddc490aac9ad62e98d62d38087d11f0cc1cfa3e9f98f32acb4a73018af8b424793dc38a9cd3c9e58f804ffe0d9683ef50b091fabd9bcd0645cf917fb040fcc887bfd9434d5b4903bafd0315c879c4577f5a928d6243df1b94575a4aad5a5b8dce1b5a6e4164cd97111ce5264d80dfe13	UTC	en	system	weather	t	f	\N	0
argon2$argon2id$v=19$m=19456,t=2,p=1$ZDZqS3dVSFpvblRVNVg2ZDhsbTZMTA$gOAohdTqmpjzwGz9IqlALHbYZHkA+h5O992NHkzXTEg	\N	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	mara@example.org	t	f	t	2026-09-05 09:00:00+00	\N	UTC	en	system	weather	t	f	\N	0
argon2$argon2id$v=19$m=19456,t=2,p=1$TmNOUXZEMFdST3R3Z0VlRHpSTVpCSA$qQmrEcDfqsI38MPAechNn4cWs62/Uiua3Z7dd/IskHU	\N	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32	jon@example.org	t	f	t	2026-09-05 09:00:00+00	\N	UTC	en	system	weather	t	f	\N	0
argon2$argon2id$v=19$m=19456,t=2,p=1$S1NLam5HTWRkNFRzZ3RpUE01T3dDcg$bp7P4racY/T4AL3rt/fkMb2C8rfPB0sfQTjxaRhzxj8	\N	f	45379837-80fa-41aa-a59b-0971e9debb24	lena@example.org	t	f	t	2026-09-25 09:00:00+00	\N	UTC	en	system	weather	t	f	\N	0
argon2$argon2id$v=19$m=19456,t=2,p=1$Ull3U1k1eWhKZWU5TTloWHhGOGdBdw$aDaCrEkGTU+ir2JqbdwN8+1TwKv9J8jhePtRaNhkkqE	\N	f	a596e3b8-91cc-4b60-9866-921b673ba1a8	eva@example.org	t	f	f	2026-03-19 09:00:00+00	\N	UTC	en	system	weather	t	f	2026-11-30 09:00:00+00	0
\.

COPY public.accounts_user_groups (id, user_id, group_id) FROM stdin;
\.

COPY public.accounts_user_user_permissions (id, user_id, permission_id) FROM stdin;
\.

COPY public.assessments_groupfigures (id, form, n, figures, worked_out_at, version_id) FROM stdin;
\.

COPY public.assessments_instrumentversion (id, slug, version, language, algorithm, title, source, sha256, published_at, retired_at) FROM stdin;
1	balance	1	en	1	Giving and receiving	# Giving and receiving: a questionnaire about the balance in an intimate relationship.\n# 81 scored questions in the full form, 42 in the short form. README.md says how they are scored.\n# A published version is never changed: a new wording is a new version.\n\ninstrument.id = "balance"\ninstrument.version = 1\ninstrument.algorithm = 1\ninstrument.title = "Giving and receiving"\ninstrument.language = "en"\ninstrument.time_frame = "the last four weeks"\ninstrument.minutes_full = 12\ninstrument.minutes_short = 5\ninstrument.intro = """\nThese questions are about what you give and what you receive in one close relationship. Think of one partner, and of the last four weeks: ordinary days, not only the best one or the worst one.\n\nThere are no right answers. You can leave out any question, stop at any time and come back later. Nobody else sees your answers unless you choose to share something.\n\nThis is for reflection. It is not a diagnosis, and it has not been clinically validated. It hears one side only, and it cannot tell you whether to stay or to go."""\ninstrument.partnered_question = "Are you in this relationship now?"\ninstrument.partnered_help = "If it has ended, think of its last four weeks. We then leave out the questions that would not fit."\ninstrument.bands_note = "These bands come from how the questions are built. They have not been clinically validated and are not a diagnosis."\ninstrument.themes = ["balance", "illusions", "self-worth", "pressure", "refusals", "inner-resources", "self-reflection", "reciprocity", "healthier-model", "real-connection"]\n\n# One line a statement. page and order: place in the full form. In the short form the three statements of a subscale share a page.\nitems = [\n  { key = "felt1", subscale = "felt", facet = "overall", text = "Taking everything together, how did giving and receiving feel between us?", reverse = false, short = true, page = 1, order = 1 },\n\n  { key = "str1", subscale = "str", facet = "proving", text = "I felt I had to prove that my love was enough.", reverse = false, short = false, page = 12, order = 1 },\n  { key = "str2", subscale = "str", facet = "burden", text = "I felt tired from all that seemed to depend on me.", reverse = false, short = false, page = 12, order = 3 },\n  { key = "str3", subscale = "str", facet = "flooded", text = "My partner gave me more care than I knew how to accept.", reverse = false, short = false, page = 12, order = 2 },\n  { key = "str4", subscale = "str", facet = "owing", text = "I felt that I owed my partner something in return.", reverse = false, short = false, page = 12, order = 4 },\n\n  { key = "ill1", subscale = "ill", facet = "justified", text = "There is a good reason for every uneven part of our relationship.", reverse = false, short = false, page = 13, order = 1 },\n  { key = "ill2", subscale = "ill", facet = "heroic_effort", text = "The harder this relationship is, the more my effort is worth.", reverse = false, short = false, page = 13, order = 3 },\n  { key = "ill3", subscale = "ill", facet = "handling_it", text = "I can handle anything that is hard in this relationship.", reverse = false, short = false, page = 13, order = 4 },\n  { key = "ill4", subscale = "ill", facet = "excuse_making", text = "When something is missing between us, I find an explanation that calms me.", reverse = false, short = true, page = 14, order = 1 },\n  { key = "ill5", subscale = "ill", facet = "future_reward", text = "If I wait long enough, what is uneven will become equal by itself.", reverse = false, short = true, page = 14, order = 3 },\n  { key = "ill6", subscale = "ill", facet = "handling_it", text = "When I feel worn out, I tell myself that everything is fine.", reverse = false, short = false, page = 14, order = 4 },\n  { key = "ill7", subscale = "ill", facet = "justified", text = "I can say plainly which parts of our relationship are uneven.", reverse = true, short = false, page = 13, order = 2 },\n  { key = "ill8", subscale = "ill", facet = "excuse_making", text = "When something between us hurts, I admit it to myself.", reverse = true, short = true, page = 14, order = 2 },\n\n  { key = "slf1", subscale = "slf", facet = "self_respect", text = "I felt like a person who deserves respect.", reverse = false, short = false, page = 15, order = 1 },\n  { key = "slf2", subscale = "slf", facet = "identity", text = "I felt like myself when I was with my partner.", reverse = false, short = true, page = 15, order = 3 },\n  { key = "slf3", subscale = "slf", facet = "unseen", text = "I felt that who I really am stayed unseen.", reverse = true, short = true, page = 15, order = 2 },\n  { key = "slf4", subscale = "slf", facet = "own_needs", text = "I gave up something I needed so that things stayed calm.", reverse = true, short = false, page = 16, order = 2 },\n  { key = "slf5", subscale = "slf", facet = "own_needs", text = "I took time for something that I needed.", reverse = false, short = true, page = 16, order = 1 },\n  { key = "slf6", subscale = "slf", facet = "identity", text = "I kept my own opinion when we saw things differently.", reverse = false, short = false, page = 16, order = 3 },\n\n  { key = "ent1", subscale = "ent", facet = "expecting", text = "I expected help from my partner without thinking about it.", reverse = false, short = false, page = 17, order = 1 },\n  { key = "ent2", subscale = "ent", facet = "not_noticing", text = "I noticed my partner's effort only after it had stopped.", reverse = false, short = false, page = 17, order = 2 },\n  { key = "ent3", subscale = "ent", facet = "expecting", text = "I felt let down when my partner put their own plans first.", reverse = false, short = false, page = 17, order = 3 },\n\n  { key = "cyc1", subscale = "cyc", facet = "press", role = "me_press", text = "I pushed for a response when something between us hurt.", reverse = false, short = true, page = 18, order = 1 },\n  { key = "cyc2", subscale = "cyc", facet = "withdraw", role = "me_withdraw", text = "I became distant when something between us hurt.", reverse = false, short = true, page = 18, order = 3 },\n  { key = "cyc3", subscale = "cyc", facet = "press", role = "partner_press", text = "My partner pushed for a response when something between us hurt.", reverse = false, short = false, page = 18, order = 2, if_partnered = true },\n  { key = "cyc4", subscale = "cyc", facet = "withdraw", role = "partner_withdraw", text = "My partner became distant when something between us hurt.", reverse = false, short = false, page = 18, order = 4, if_partnered = true },\n  { key = "cyc5", subscale = "cyc", facet = "surge", role = "surge", text = "After a time of distance, we were suddenly very close.", reverse = false, short = false, page = 19, order = 2 },\n  { key = "cyc6", subscale = "cyc", facet = "relapse", role = "relapse", text = "After a close time, the same distance came back.", reverse = false, short = false, page = 19, order = 3 },\n  { key = "cyc7", subscale = "cyc", facet = "press", role = "me_press", text = "When I wanted closeness, I gave my partner time to answer.", reverse = true, short = false, page = 19, order = 1 },\n  { key = "cyc8", subscale = "cyc", facet = "relapse", role = "relapse", text = "After a disagreement, things between us became calm and stayed calm.", reverse = true, short = true, page = 19, order = 4 },\n\n  { key = "prj1", subscale = "prj", facet = "mind_reading", text = "I decided what my partner was thinking before I asked.", reverse = false, short = true, page = 20, order = 1 },\n  { key = "prj2", subscale = "prj", facet = "moods_as_rejection", text = "When my partner was in a low mood, I thought it was about me.", reverse = false, short = false, page = 20, order = 3 },\n  { key = "prj3", subscale = "prj", facet = "unspoken_asks", text = "I hoped my partner would guess what I needed.", reverse = false, short = true, page = 21, order = 1 },\n  { key = "prj4", subscale = "prj", facet = "moods_as_rejection", text = "A short or tired answer from my partner felt like rejection.", reverse = false, short = false, page = 21, order = 3 },\n  { key = "prj5", subscale = "prj", facet = "mind_reading", text = "I asked my partner what they meant before I judged it.", reverse = true, short = false, page = 20, order = 2 },\n  { key = "prj6", subscale = "prj", facet = "moods_as_rejection", text = "When my partner was quiet, I saw it as their own mood.", reverse = true, short = true, page = 21, order = 2 },\n\n  { key = "ref1", subscale = "ref", facet = "asking_plainly", text = "I asked for what I wanted in clear and simple words.", reverse = false, short = true, page = 22, order = 1 },\n  { key = "ref2", subscale = "ref", facet = "without_self_blame", text = "When my partner said no, I still felt worthy of love.", reverse = false, short = true, page = 22, order = 3 },\n  { key = "ref3", subscale = "ref", facet = "without_frantic_repair", text = "After my partner said no, I went on with my day calmly.", reverse = false, short = false, page = 23, order = 1 },\n  { key = "ref4", subscale = "ref", facet = "without_self_blame", text = "When my partner said no, I looked for the fault in myself.", reverse = true, short = false, page = 23, order = 2 },\n  { key = "ref5", subscale = "ref", facet = "without_frantic_repair", text = "After my partner said no, I tried to please them even more.", reverse = true, short = true, page = 22, order = 2 },\n  { key = "ref6", subscale = "ref", facet = "asking_plainly", text = "I hid a wish because I feared hearing no.", reverse = true, short = false, page = 23, order = 3 },\n\n  { key = "aut1", subscale = "aut", facet = "own_interests", text = "I spent time on something that I enjoy on my own.", reverse = false, short = true, page = 24, order = 1 },\n  { key = "aut2", subscale = "aut", facet = "own_friends", text = "I talked with friends or family who are important to me.", reverse = false, short = true, page = 24, order = 3 },\n  { key = "aut3", subscale = "aut", facet = "self_soothing", text = "When I was upset, I found a way to calm myself.", reverse = false, short = false, page = 24, order = 4 },\n  { key = "aut4", subscale = "aut", facet = "own_worth", text = "I felt good about myself, whatever my partner thought that day.", reverse = false, short = false, page = 25, order = 1 },\n  { key = "aut5", subscale = "aut", facet = "own_interests", text = "I dropped my own plans as soon as my partner wanted something.", reverse = true, short = false, page = 24, order = 2 },\n  { key = "aut6", subscale = "aut", facet = "own_worth", text = "My mood for the day depended on how my partner treated me.", reverse = true, short = true, page = 25, order = 2 },\n  { key = "aut7", subscale = "aut", facet = "self_soothing", text = "When I was upset, only my partner could calm me.", reverse = true, short = false, page = 25, order = 4 },\n  { key = "aut8", subscale = "aut", facet = "own_friends", text = "I had someone else to talk to when I needed support.", reverse = false, short = false, page = 25, order = 3 },\n\n  { key = "rfl1", subscale = "rfl", facet = "own_part", text = "I thought about my own part in what happened between us.", reverse = false, short = false, page = 26, order = 1 },\n  { key = "rfl2", subscale = "rfl", facet = "checking_readings", text = "I checked whether what I believed about my partner was true.", reverse = false, short = false, page = 26, order = 2 },\n  { key = "rfl3", subscale = "rfl", facet = "seeking_help", text = "I talked about our relationship with someone I trust.", reverse = false, short = false, page = 26, order = 3 },\n  { key = "rfl4", subscale = "rfl", facet = "own_part", text = "I noticed which of my feelings came from older experiences.", reverse = false, short = false, page = 26, order = 4 },\n\n  { key = "rec1", subscale = "rec", facet = "talking_openly", text = "We could talk openly about what each of us wanted.", reverse = false, short = true, page = 27, order = 1 },\n  { key = "rec2", subscale = "rec", facet = "agreed_limits", text = "We respected the limits that we had set together.", reverse = false, short = false, page = 27, order = 3 },\n  { key = "rec3", subscale = "rec", facet = "both_valued", text = "I felt that both of us were valued.", reverse = false, short = false, page = 28, order = 1 },\n  { key = "rec4", subscale = "rec", facet = "both_separate", text = "Each of us had time and space for our own lives.", reverse = false, short = true, page = 28, order = 3 },\n  { key = "rec5", subscale = "rec", facet = "both_valued", text = "What one of us wanted counted more than what the other wanted.", reverse = true, short = true, page = 27, order = 2 },\n  { key = "rec6", subscale = "rec", facet = "agreed_limits", text = "Saying no led to tension between us.", reverse = true, short = false, page = 28, order = 2 },\n\n  { key = "rdy1", subscale = "rdy", facet = "readiness", text = "I felt ready to try one small change in how we give and receive.", reverse = false, short = false, page = 28, order = 4, if_partnered = true },\n]\n\n# ---- Response formats: every point has a label, nothing is preselected ----\n\n[scales.amount]\nvalues = [0, 1, 2, 3, 4]\nlabels = ["None", "A little", "A medium amount", "A lot", "A great deal"]\n\n[scales.frequency]\nvalues = [0, 1, 2, 3, 4]\nlabels = ["Never", "Rarely", "Sometimes", "Often", "Very often"]\n\n[scales.agreement]\nvalues = [0, 1, 2, 3, 4]\nlabels = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]\n\n[scales.felt]\nvalues = [-3, -2, -1, 0, 1, 2, 3]\nlabels = ["I received much more", "I received more", "I received a little more", "About even", "I gave a little more", "I gave more", "I gave much more"]\n\n[scales.importance]\nvalues = [0, 1, 2, 3]\nlabels = ["Not important to me", "A little important", "Important", "Very important"]\n\n[non_answers]\ndoes_not_apply = "Does not apply to me"\nprefer_not_to_say = "I prefer not to say"\n\n[importance]\ntext = "How important is this area to you?"\nhelp = "You can leave this out. It changes the detailed figures only."\nscale = "importance"\ndefault = 1\nforms = ["full"]\n\n[forms.full]\nlabel = "Full form"\ncomparability_group = "balance-1-full"\nscored_items = 81\n\n[forms.short]\nlabel = "Short form"\ncomparability_group = "balance-1-short"\nscored_items = 42\n\n# ---- Ten areas: answer keys are <key>_give and <key>_receive, on the scale "amount"; pages 2 to 11 ----\n\n[[areas]]\nkey = "attention"\nlabel = "Attention and listening"\nexplanation = "Putting other things aside and listening."\ngive = "How much I listened when something mattered to my partner."\nreceive = "How much my partner listened when something mattered to me."\ncluster = "care"\nshort = true\n\n[[areas]]\nkey = "practical"\nlabel = "Everyday help"\nexplanation = "Errands, tasks, repairs, lifts, meals: help you can see."\ngive = "How much I helped my partner with everyday tasks."\nreceive = "How much my partner helped me with everyday tasks."\ncluster = "life"\nshort = true\n\n[[areas]]\nkey = "emotional"\nlabel = "Comfort and support"\nexplanation = "Being there when the other person has a hard time."\ngive = "How much I comforted my partner when things were hard."\nreceive = "How much my partner comforted me when things were hard."\ncluster = "care"\nshort = true\n\n[[areas]]\nkey = "affection"\nlabel = "Warmth and affection"\nexplanation = "Kind words, a hug, a message, small signs of love."\ngive = "How much affection I showed my partner."\nreceive = "How much affection my partner showed me."\ncluster = "care"\nshort = true\n\n[[areas]]\nkey = "intimacy"\nlabel = "Physical intimacy"\nexplanation = "You can skip this area. It means care for each other's wishes, a wish for less or for none included."\ngive = "How much care I took with my partner's wishes about physical intimacy."\nreceive = "How much care my partner took with my wishes about physical intimacy."\ncluster = "intimacy"\nsensitive = true\nshort = true\n\n[[areas]]\nkey = "time"\nlabel = "Time for each other"\nexplanation = "Keeping time free, near or far, in person or by phone."\ngive = "How much time I kept free for my partner."\nreceive = "How much time my partner kept free for me."\ncluster = "together"\nshort = true\n\n[[areas]]\nkey = "decisions"\nlabel = "Planning and remembering"\nexplanation = "Thinking ahead, keeping track, getting decisions made."\ngive = "How much planning and remembering I did for both of us."\nreceive = "How much planning and remembering my partner did for both of us."\ncluster = "life"\nshort = true\n\n[[areas]]\nkey = "money"\nlabel = "Money and things"\nexplanation = "Paying, lending and sharing, measured by what each of you has."\ngive = "How much I paid or shared for my partner or both of us."\nreceive = "How much my partner paid or shared for me or both of us."\ncluster = "life"\nshort = true\n\n[[areas]]\nkey = "social"\nlabel = "Family and friends"\nexplanation = "Effort for the people who matter to the other person."\ngive = "How much effort I made for my partner's family and friends."\nreceive = "How much effort my partner made for my family and friends."\ncluster = "together"\nshort = true\n\n[[areas]]\nkey = "repair"\nlabel = "After a disagreement"\nexplanation = "Saying sorry, talking again, making the first step."\ngive = "How much I did to make things better after a disagreement."\nreceive = "How much my partner did to make things better after a disagreement."\ncluster = "together"\nshort = true\n\n[clusters]\ncare = "Care"\nlife = "Daily life"\ntogether = "Being together"\nintimacy = "Physical intimacy"\n\n# ---- Subscales: title and texts as the person sees them ----\n\n[[subscales]]\nkey = "felt"\ntitle = "My overall feeling"\ntheme = "balance"\nscale = "felt"\nlow_end = "I receive more"\nhigh_end = "I give more"\ndirection = "A higher value means an overall feeling of giving more."\nlower = "In your answers, the overall feeling is that more comes to you than you give. This is a feeling about the whole. Single areas may look different."\nmiddle = "In your answers, giving and receiving feel about even overall. Single areas may look different."\nhigher = "In your answers, the overall feeling is that you give more than comes back. This is a feeling about the whole. Single areas may look different."\nbasis = "content"\n\n[[subscales]]\nkey = "str"\ntitle = "How heavy it feels"\ntheme = "balance"\nscale = "frequency"\nlow_end = "light"\nhigh_end = "heavy"\ndirection = "A higher value means that giving or receiving felt heavy more often."\nlower = "In your answers, giving and receiving mostly felt light. Having to prove love, carrying a lot, or owing something came up seldom in these four weeks."\nmiddle = "In your answers, giving or receiving felt heavy at times. Look at which of the four statements you rated highest: they describe quite different kinds of weight."\nhigher = "In your answers, giving or receiving often felt heavy. This can happen in either place, when much goes out and when much comes in. What could become lighter, and who could help with it?"\nbasis = "content"\n\n[[subscales]]\nkey = "ill"\ntitle = "Stories I tell myself"\ntheme = "illusions"\nscale = "agreement"\nlow_end = "named plainly"\nhigh_end = "explained so that it hurts less"\ndirection = "A higher value means more explaining of what is uneven, so that it hurts less."\nlower = "In your answers, what is uneven is mostly named plainly. Seeing something clearly does not mean that it has to change today."\nmiddle = "In your answers, what is uneven is sometimes named plainly and sometimes explained in a calming way. Both can have their use. The statements you agreed with most show where the calming stories are."\nhigher = "In your answers, there are many reasons that make what is uneven easier to bear. Such reasons can protect for a while. It may help to write down the plain facts next to them."\nonly_with_imbalance = "Your answers show no clear imbalance, so we read nothing into this part."\nbasis = "content"\n\n[[subscales]]\nkey = "slf"\ntitle = "Being myself"\ntheme = "self-worth"\nscale = "frequency"\nlow_end = "seldom"\nhigh_end = "often"\ndirection = "A higher value means feeling like yourself, and counting your own needs, more often."\nlower = "In your answers, feeling like yourself and counting your own needs happened seldom in these four weeks. This describes a time and says nothing about your worth. If you have felt low for two weeks or more, a doctor or a counsellor can help."\nmiddle = "In your answers, there were times of feeling like yourself and times when your needs came later. It may help to notice what made the difference."\nhigher = "In your answers, you often felt like yourself, and your own needs counted. It may help to notice what supports this."\nbasis = "content"\n\n[[subscales]]\nkey = "ent"\ntitle = "What I expect and notice"\ntheme = "self-worth"\nscale = "frequency"\nlow_end = "effort noticed"\nhigh_end = "effort expected"\ndirection = "A higher value means expecting effort, or noticing it late, more often."\nlower = "In your answers, your partner's effort was mostly noticed while it was there, and seldom expected beforehand. Noticing can stay a private thing, or be put into words."\nmiddle = "In your answers, effort was sometimes noticed at once and sometimes expected or seen late. What happens every day is easy to overlook, on both sides."\nhigher = "In your answers, effort was often expected, or noticed once it had stopped. This is easy to slide into when something has been there for long. One thing you noticed this week could be a start."\nbasis = "content"\n\n[[subscales]]\nkey = "cyc"\ntitle = "Pressing and pulling back"\ntheme = "pressure"\nscale = "frequency"\nlow_end = "rarely"\nhigh_end = "often"\ndirection = "A higher value means more rounds of pressing, distance and sudden closeness."\nlower = "In your answers, pressing, stepping back and sudden closeness came up seldom. Tense times mostly became calm and stayed calm."\nmiddle = "In your answers, pressing or stepping back came up at times. Stepping back can also be a way to rest or to stay safe. The statements you rated highest show which moves you noticed."\nhigher = "In your answers, pressing, distance and sudden closeness often followed each other. Such a round can feel like progress, because the relief is real. The statements you rated highest show which moves you noticed."\nbasis = "content"\n\n[[subscales]]\nkey = "prj"\ntitle = "Guessing what is meant"\ntheme = "refusals"\nscale = "frequency"\nlow_end = "more asking"\nhigh_end = "more guessing"\ndirection = "A higher value means more guessing at thoughts, moods and wishes."\nlower = "In your answers, thoughts and moods were mostly asked about or left with the person who had them. Guessing came up seldom."\nmiddle = "In your answers, there was some guessing and some asking. The statements you rated highest show when guessing came more easily."\nhigher = "In your answers, thoughts, moods and wishes were often guessed. A guess can be right, and it can also carry a need of your own. It may help to write down what happened and what you read into it, side by side."\nbasis = "content"\n\n[[subscales]]\nkey = "ref"\ntitle = "Asking, and hearing no"\ntheme = "refusals"\nscale = "frequency"\nlow_end = "harder"\nhigh_end = "easier"\ndirection = "A higher value means that asking, and hearing no, was easier."\nlower = "In your answers, asking or hearing no was often hard in these four weeks. A no to a wish is an answer about that wish and does not measure your worth. Where a no is not safe, that is not yours to fix."\nmiddle = "In your answers, asking and hearing no was sometimes easy and sometimes hard. It may help to see which wishes were easier to put into words."\nhigher = "In your answers, wishes were often said plainly, and a no could mostly stay a no. It may help to remember what made that possible."\nbasis = "content"\n\n[[subscales]]\nkey = "aut"\ntitle = "What I have of my own"\ntheme = "inner-resources"\nscale = "frequency"\nlow_end = "little"\nhigh_end = "plenty"\ndirection = "A higher value means more support from your own interests, people and ways to find calm."\nlower = "In your answers, there was little room for your own interests, people and ways to find calm. Weeks like that happen for many reasons. One small thing that is yours can be a start."\nmiddle = "In your answers, some things of your own were there and some were missing. The statements you rated lowest show where there may be room for more."\nhigher = "In your answers, your own interests, people and ways to find calm were often there. They can hold you in weeks when the relationship takes a lot."\nbasis = "content"\n\n[[subscales]]\nkey = "rfl"\ntitle = "Thinking it over"\ntheme = "self-reflection"\nscale = "frequency"\nlow_end = "seldom"\nhigh_end = "often"\ndirection = "A higher value means looking at your own readings and feelings more often."\nlower = "In your answers, there was little time to think over what happened between you. Some weeks leave no room for it."\nmiddle = "In your answers, you sometimes thought over what happened, and sometimes let it pass. Both can be right."\nhigher = "In your answers, you often thought over what happened and what you made of it. Looking at your own part is different from taking the blame. If it becomes tiring, talking to someone can help."\nbasis = "content"\n\n[[subscales]]\nkey = "rec"\ntitle = "What goes both ways"\ntheme = "reciprocity"\nscale = "frequency"\nlow_end = "seldom"\nhigh_end = "often"\ndirection = "A higher value means that open talk, kept limits and room for both came up more often."\nlower = "In your answers, open talk, kept limits and room for both came up seldom in these four weeks. This describes how it looked from your side. It does not say who could change it."\nmiddle = "In your answers, some things went both ways and some did not. The statements you rated highest show what is already there."\nhigher = "In your answers, open talk, kept limits and room for both came up often. It may help to notice what you both do to keep it so."\nbasis = "content"\n\n[[subscales]]\nkey = "rdy"\ntitle = "Ready for a small change"\ntheme = "healthier-model"\nscale = "frequency"\nlow_end = "seldom"\nhigh_end = "often"\ndirection = "A higher value means feeling ready for a small change more often."\nlower = "In your answer, trying a small change came to mind seldom. There is no need for one. Looking is enough for now."\nmiddle = "In your answer, you sometimes felt ready to try a small change. It can stay an idea until the time suits you."\nhigher = "In your answer, you often felt ready to try a small change. One that depends only on you is easiest to begin."\nbasis = "content"\n\n# ---- Position: one sentence first. {areas} {give_areas} {receive_areas} {even_areas} are counts from the answers ----\n\n[[positions]]\nkey = "gives_more"\nheading = "In your answers, you give more than you receive."\nreading = "You give more in {give_areas} of {areas} areas, and receive more in {receive_areas}. This is how the last four weeks looked from your side. Giving more is not wrong in itself: illness, work or a move can tilt things for a time. What matters is whether it is given gladly, and whether it could also be otherwise."\n\n[[positions]]\nkey = "receives_more"\nheading = "In your answers, you receive more than you give."\nreading = "You receive more in {receive_areas} of {areas} areas, and give more in {give_areas}. This is how the last four weeks looked from your side. There are times when anyone needs more than they can give, and receiving can be tiring too. One question may help: what would you like to give, if it were easy?"\n\n[[positions]]\nkey = "uneven_by_area"\nheading = "In your answers, it is about even overall, and uneven area by area."\nreading = "You give more in {give_areas} of {areas} areas and receive more in {receive_areas} of them. Taken together they come out about even. Some couples share things out this way and like it. Which of these swaps suit you, and which just happened?"\n\n[[positions]]\nkey = "balanced_full"\nheading = "In your answers, giving and receiving are about even."\nreading = "The two sides are close, and a good deal goes in both directions. Exactly level: {even_areas} of {areas} areas. This is how the last four weeks looked from your side. It may be worth noticing what keeps it so."\n\n[[positions]]\nkey = "balanced_thin"\nheading = "In your answers, giving and receiving are about even, and there is little of both."\nreading = "The two sides are close, and not much goes in either direction. Exactly level: {even_areas} of {areas} areas. Some weeks are like that: tired, busy or far apart. Is there something that you both miss?"\n\n[[positions]]\nkey = "too_close"\nheading = "Your answers are too close to call."\nreading = "They lie near the line between about even and more on one side. A short questionnaire cannot tell these apart. In {give_areas} of {areas} areas you give more, in {receive_areas} you receive more. The single areas say more here than the sum."\n\n[[positions]]\nkey = "not_enough"\nheading = "There are not enough answers for the balance."\nreading = "For the balance we need both answers in at least seven of the ten areas. You have answered both in {areas}. Everything else you answered is below. You can answer again whenever you like."\n\n[confidence]\nclear = { word = "clear", meaning = "If you answered again, it would very likely point the same way." }\nleaning = { word = "leaning", meaning = "It points this way. If you answered again, it could also come out differently." }\ntoo_close = { word = "too close to call", meaning = "The answers lie near a line, and the questionnaire cannot tell the two sides apart." }\n\n[change]\nlikely = "likely a change"\nmaybe = "maybe a change"\nwobble = "too small to tell from wobble"\nnote = "A rough guide, until we know better how much answers move from one day to the next."\n\n[roles]\nme_press = "Me, pressing for an answer"\nme_withdraw = "Me, stepping back"\npartner_press = "My partner, pressing for an answer"\npartner_withdraw = "My partner, stepping back"\nsurge = "Sudden closeness after distance"\nrelapse = "The same distance coming back"\n\n[role_words]\nlower = "seldom"\nmiddle = "sometimes"\nhigher = "often"\n\n# ---- Routes: where to read and what to write next; at most three are shown ----\n# any: alternatives, each with its conditions (all must hold) and the score whose distance from the middle ranks the route.\n\n[[routes]]\nkey = "gives_more"\nany = [{ distance = "B", all = [{ position = "gives_more", confidence = ["clear"] }] }]\nthemes = ["balance", "self-worth", "reciprocity"]\nprompts = ["balance-4", "balance-1", "healthier-model-3"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["balance", "self-worth"]\nprompts_if_unsafe = ["balance-1", "healthier-model-3"]\n\n[[routes]]\nkey = "receives_more"\nany = [{ distance = "B", all = [{ position = "receives_more", confidence = ["clear", "leaning"] }] }]\nthemes = ["balance", "self-worth", "reciprocity"]\nprompts = ["balance-1", "balance-3", "reciprocity-6"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["balance", "self-worth"]\nprompts_if_unsafe = ["balance-1", "balance-3"]\n\n[[routes]]\nkey = "uneven_by_area"\nany = [{ distance = "A", all = [{ position = "uneven_by_area", confidence = ["clear", "leaning"] }] }]\nthemes = ["reciprocity"]\nprompts = ["balance-2", "balance-6"]\nsuppressed_if_unsafe = true\n\n[[routes]]\nkey = "balanced_thin"\nany = [{ distance = "L", all = [{ position = "balanced_thin", confidence = ["clear", "leaning"] }] }]\nthemes = ["reciprocity", "healthier-model"]\nprompts = ["balance-6", "healthier-model-1"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["healthier-model"]\nprompts_if_unsafe = ["healthier-model-1"]\n\n[[routes]]\nkey = "balanced_full"\nany = [{ distance = "L", all = [{ position = "balanced_full", confidence = ["clear", "leaning"] }] }]\nthemes = ["reciprocity", "healthier-model"]\nprompts = ["reciprocity-4", "healthier-model-5"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["healthier-model"]\nprompts_if_unsafe = ["healthier-model-5"]\n\n[[routes]]\nkey = "illusions"\nany = [\n  { distance = "ill", all = [{ score = "ill", op = ">", value = 66.7 }, { imbalance = true }] },\n  { distance = "M", all = [{ score = "M", op = ">=", value = 25.0 }] },\n]\nthemes = ["illusions", "self-reflection"]\nprompts = ["illusions-2", "illusions-1"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["illusions"]\nprompts_if_unsafe = ["illusions-2", "illusions-1"]\n\n[[routes]]\nkey = "cycle"\nany = [{ distance = "cyc", all = [{ score = "cyc", op = ">", value = 66.7 }] }]\nthemes = ["pressure"]\nprompts = ["pressure-1", "pressure-4", "pressure-5"]\nsuppressed_if_unsafe = true\n\n[[routes]]\nkey = "projection"\nany = [{ distance = "prj", all = [{ score = "prj", op = ">", value = 66.7 }] }]\nthemes = ["refusals", "self-reflection"]\nprompts = ["self-reflection-1", "self-reflection-2", "refusals-2"]\nsuppressed_if_unsafe = true\n\n[[routes]]\nkey = "refusal"\nany = [{ distance = "ref", all = [{ score = "ref", op = "<", value = 33.3 }] }]\nthemes = ["refusals"]\nprompts = ["refusals-1", "refusals-3"]\nsuppressed_if_unsafe = true\n\n[[routes]]\nkey = "autonomy"\nany = [{ distance = "aut", all = [{ score = "aut", op = "<", value = 33.3 }] }]\nthemes = ["inner-resources"]\nprompts = ["inner-resources-1", "inner-resources-2"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["inner-resources"]\nprompts_if_unsafe = ["inner-resources-1", "inner-resources-2"]\n\n[[routes]]\nkey = "self_worth"\nany = [{ distance = "slf", all = [{ score = "slf", op = "<", value = 33.3 }] }]\nthemes = ["self-worth", "inner-resources", "real-connection"]\nprompts = ["self-worth-1", "self-worth-2", "real-connection-1"]\nhelp_card = true\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["self-worth", "inner-resources", "real-connection"]\nprompts_if_unsafe = ["self-worth-1", "self-worth-2", "real-connection-1"]\n\n[[routes]]\nkey = "strain"\nany = [{ distance = "str", all = [{ score = "str", op = ">=", value = 66.7 }] }]\nthemes = ["balance", "self-worth"]\nprompts = ["balance-5", "balance-4", "self-worth-2"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["self-worth"]\nprompts_if_unsafe = ["self-worth-2"]\n\n[[routes]]\nkey = "open"\nfallback = true\nany = []\nthemes = ["balance", "reciprocity"]\nprompts = ["balance-1", "balance-2"]\nsuppressed_if_unsafe = false\nthemes_if_unsafe = ["balance"]\nprompts_if_unsafe = ["balance-1"]\n\n# ---- Safety: asked after the result, optional, evaluated once, never stored, scored, logged or exported ----\n\n[safety]\nintro = "Three more questions, if you like. They are not part of your result. We do not keep the answers."\nanswers = ["No", "Yes", "I prefer not to say"]\nraised_by = "Yes"\nquestions = [\n  { key = "afraid", text = "Are you sometimes afraid of how your partner might react?" },\n  { key = "saying_no", text = "Are there moments when saying no to your partner feels unsafe?" },\n  { key = "control", text = "Does your partner control your money, your phone, or who you talk to?" },\n]\npanel_heading = "Your safety comes before balance"\npanel_text = """\nThank you for telling us. We have not kept your answer.\n\nWhen someone is afraid, or is watched or controlled, the question is no longer who gives more. It is not for you to even out, and nothing you give or ask makes it your fault.\n\nYou can talk to people who know this well, in confidence and on your own. You decide what happens next, and when. If you are in danger now, call your local emergency number.\n\nIf someone may look at this device, use one that only you use, or choose "Leave this page"."""\npanel_link = "Find someone to talk to"\neveryone_heading = "Does something feel unsafe?"\neveryone_text = "If you are afraid of your partner, or are watched, controlled or hurt, balance is not the question. People who know this well can talk with you in confidence."\n\n[constants]\nR = 4\nbalance_band = 15.0\nuneven = 35.0\nthin = 50.0\nlower_below = 33.3\nhigher_above = 66.7\nclear = 0.80\nleaning = 0.60\nsd = 28.0\nreliability = 0.84\nsem = 11.2\nz80 = 1.281552\nz95 = 1.96\nprovenance = "assumed until a pilot of 100 retests"\nmissing_max = 0.25\nmin_pairs = 7\nroutes_max = 3\ncluster_gap = 25.0\ncluster_min_areas = 3\ndecimals = 6\n	6d33d559374f775b9ccfbf2a8f25d908a535f31f1c43228d92122fe563de0324	2025-10-20 09:00:00+00	\N
\.

COPY public.assessments_response (id, form, started_at, changed_at, submitted_at, revision, sealed, owner_id, version_id) FROM stdin;
d96f5421-0b52-4371-b39a-e7e04787a557	full	2026-05-07 09:00:00+00	2026-05-07 09:00:00+00	2026-05-07 09:00:00+00	1	\\x01ba893cdb917a53f946e323ba0cd707119d1c6033cd68ff41534063b6c45d9c05e983f2a21fe6aa0531791cda4738eacac018f76aa6350d97cfa5bfa42962a5a2e7464f3dd67b0e996f7686bc13ddca3c55b15233b54e4b5cfb6f9babda173d266bd5731d35cb98015d9d39a4d2aaaae59479ad42c35c2ecab3b658df91c9980d60777b38bee50ae9c7766a49787518fcbe1c4e0222b4fd1b846b076c9661273d8abf073ffc5b310fd373e3532bccb49b4567f2f716b2c783f7ab6543cbb212e93d2146c8b39c8141a8dd83f88ef92e2008e150cf4e7f87767fca213a8b762932989e3d69babc45735b42e50a0a367404550679617a04244b5534802a30577f4abbc8e8a17b29599767016fb648f0331a8bec171fc7cd7ae2a7e499fb70e66439f9e860275f5ec0b952fb87a6f856f0b798217d06f68f9a84e1cb7bbb948fc690f64bbe2e09660a2a522639ced79adf45738d99617f3532220a09adf5939aead610f82634428e2c34e61739c04bca916d86db94af20345acd02b0f0a5546ef4b345471b500a2f1d9ed1f0bbfb0604a2711f129021cc19cf9cd6cf214000797f5fb66a8f50e4f0e50de546b5358cdec9d4f4141926bde1d9159ebe2957d3275bd6aad9fc262d6832a66e79257c733b33bac342bfd6c7c1a3e0dc2c4e90eed9b2e95511989895620f4055d7438326f4aff9e70c425f2cf6acbb97e18d9279ce981d4b9fc74122eea87a9152d6d5a1d8a8aad048d6a461e2bbf332324fd010a5a8192c0d8776e51a0ec0f7b66af7ec0364c4c82ea3c230fc366211e05853f52ee642bebd1858407ef1dd8c30572c8a234b2b018332a887adb2ebe4afbb125730c70d00609e7842cdb0637aed625bf374f982a57b79c23c10921a16fa2a6e35cddf0aee279a2a2f8d593e38ee7551b28be3a2924d63016f206ead55184855bd062e076096fec9076ca3acc8f59764ed3949dbaffcbfd9b1525addf79ad8da690890a3571d5ea382da877cbd18bec85126ec1acb3cb288573f4d41dc67b86ba8e121e2480a7d46859744db17432d354e9c74409f21f45696dcab549c218f6d76ea16c41cd8e09c23536a4df88545bbc2a12aa3eab4e51a68d70c92c8f9d5af64d2f7c29f190f0f9271274d3ce2a3010ba109acd7cd3f09b629708f42f56c60daf2d7c4954ced4f0f084ecdae2f5e23ee0fb81fe951e1bebd67e616cae187189ad3ae20b53659589c913d9d89a29f9f143b372f113335cfbe90a5dc85d87183c40c0aff892c5bef826f597b64f01280c13cadb138f43094f799d821e6ef9b8e76aafec2478db91653b111de39bc888bc384dbceb6cb968d64aaf16170f11bb49c6b2df3d5b6d1c9ba949c9ff9feea9feddade76103065780abe8c2f0dc0e17c7cbb183c2af6d58f93bceaa93a8221dc6c0a050587fab39492e5b1fcd34880439e8a23166770a793ddc3d4e9f6ac2d5d636d719e8ec09e6a62b4fc9c3805da6deeba81ebb22ef50af455e24eae76ec53de9ae287b12defabf00ac7d40350cc7b59277ae99a4d42d47aff1c7128984e799a6342b243f5e6c355aa7e77ae6a9ee4bfbf8fd596c925b9ba41475a756579fb8237b4603150e93700e347fb9cc251d96e24045628a223ae32ead1ba3a959b8fecdddb41130b7296e62fc61276fd6a83ffaf72440429a4cdd8a3fdf27505ae6be7e180eaf8c7aa9cf1e3442612af8a29031af185877d391587a439895140b94c3d93eba42e212a5cdec141ae581c4583e8f4af6fe389662f76371c7da766a15a0cb274f32947374efc702755395ca8f85a9a53a1a1a8dfabf2acfe97dde2235139942c21bf5348d27ec9444489d065de	127c0abc-db24-46bb-aabd-f0a0b61c5399	1
a8a30e6f-7edb-4a1a-87ab-7c167d90aa7c	full	2026-10-21 09:00:00+00	2026-10-21 09:00:00+00	2026-10-21 09:00:00+00	1	\\x01e55568b38a85985612ffacb7135348878e02345d8cfd10a8c24ad1421a305dbe78f2b77a39d2dda1d0c7103a4cb5bdc69d6939c41832345d9bd08f3c8a0cd4ed04a2de7ce9b9524816cd63b46cd47e286989a65986b5fadcc0f111cd6031f444fe15889d44966553a35a5476331694a242a112c17fcfdcda624a4d871a69f7e416d69462e9e11372f7c6b1d6e421ee0c59b3faf2f9ad86f74788c4fee26160563fc193c15f04df52a99bd93e859096c530f721a99543364af81636bf28361064dd726f1043c06666ce3c9d094bdb8687c1f785f2c10cc968c3e062f491b57d1b52f9b968492e109c9722139412ff17680ba0bad5e1d9b2bb2c888ab9790e243ccf4724de809f4361af51a750816a6c13d8df537ef5131afe389e01be1eed831a5181e4a9100b760f5a13e75d56608d76fcd580e7238603d5f7dffa0cf233dd353ada6b4a02c630130946534eb6b2f6bbe04e62484c3eba72363f0dd5b7d81ab031ed364672349157ebbe22f4a12a81b625688605b07fc59cec8cf0dec915a4e366e44bf51f3ed8f538c672a3f5ddd0679a0e95dd1b25b73bdee0484e7b300a5054bb2e0f5366700314e178d151078bb4d14b19a102db50e866466794996f8b29ed812e2394f1667d15fd7352b1cd04baf4531de64a3ca1c875c305295bb3922514dd544e2324a15bf2749e17451669640807d7df0f80e470fb5badc29f4ce6f3d0dfd69f31e5bdc374b97a3a5f4cd71aa60b5454c2e22de28cc4d68a19bd2b3fa00ba1194f4b2dec5bce86ab4bf316e8ad4189abdd48e0f800ff5e5f6a70f353d6c70d7aea2ac8580ed34f37913fe99cbce96dcd8ad23c8560743956d941fdbc1782fc089c8b5d708fead9b653d16675d31d13247eb386f54fa3e3dfb76dacddd833ed871fd7cadab20a187027a48fcf70f0f52d462c842d596f7e11c3f91b7c9766d787ab3b583032175339a42faf3c039dc5190b597e2fa118c6d6546a306089e27f6b4e7edf379179484b61d9577e6bdb079a7627167c2b42fbe0e5c02a544893c31b81f12142c191079305813e6f9964c346a45461388c96ebe28f82f17d3e63470aa36e56a65edf005cbb8c931badad1d97a140f6dba4b28d6f99ab489c6bb7b1bf87f4ae5460f5d5f54bc1e2c725ca887b3448e6d217db55cc4b92545138f9d00c9605eb743e09c9eaf58764adb934114a6efe9dbb640839d9876a01dad1559a8e2a65c426cab344752f0689641bdbaa5a5e72102f26d04644cff85be7f1af42f3e6c0aa0eb564a53cce7e0c09e910391d621b46d90d9f2bca1c20889aa5efff4af1a9f00998c004bf21df74bf06186cd27071c1c3276602ed128135135288f35d5a9dc2a15d345637cc95e09ed473b590ebdc615bb17fe61d1b9dcacd699801be7e946263791bf4ccf60ede15efd3cec634f5b229c83540fc784a5f5e1adb0f4bd6d9b663f169f0712d95cd148a5ac077ab18b98a9952c6492a8ed0623ee0790922e703ba3d16d238f89995cbc15383d9aab6a302e0faf192a2450e80b2eee1c3f5d47771ff1371708fd3b6d0bef0fd7aa284485771208c8f8e64c47848d67fc9990cc235c88312da2db40de4d03efbde22f17e4ba77fe0376b39df49b2a055ade27966fa0e47440314d2c267e8c47e6c73b800adaba2c80b307688b55be9b3ab7d6203dee32eba23902515b0482551bea71ae13f1405da0c87db0b2355ea89534380ffe7d6af1e58b3c96c5dc6e5e4e7873e58ec7f49f819900b885c1495e540a0c672ecbe83aed8c972e1b311d2f90cbce4665576bdd5987d7545f58498e64c86b3a34aef5ed75fffeaed65e1c7fbc42e70f73d2434ecf7	127c0abc-db24-46bb-aabd-f0a0b61c5399	1
50b381a1-3331-46dd-a1d8-9fb8dde3c778	short	2026-11-22 09:00:00+00	2026-11-22 09:00:00+00	\N	1	\\x0113d1323c72fde77bd47555500861f037ae60232b809e6da4a0c86161d2e145029a897b0eaaf7f65fc40e86afe38962570f44e2d45722a47513a81370cd0b86809bdd254f3db6d83cc4fac1c57676227ea8dd44a0279d82c74c7c70c7540a0914e718ae39a7b6175cd17e2d8f7787f33e96e536e928103ac3f5236f3c29e5f33dc6d5563753f82f172d061ee3e8bb83d9ddd3a8f146fb3b0cfd645977b126f655f6f70ea0e420db9602c4fcdd15a85c904c18f692215a4e1f88eb491d007ba65c1f19928ee6424ac07337995a61f235c015e165cec48a34310c9967589c25c176a6b108ccfc2a1406f563ac38850919f6633b692fbf12cce8fffde96b61b02777f10a26ba1ffca673444a1f8f5811f03c8d42f0b54e1b6c70477edbf2	127c0abc-db24-46bb-aabd-f0a0b61c5399	1
\.

COPY public.assessments_result (id, form, algorithm, created_at, sealed, owner_id, response_id, version_id) FROM stdin;
e1d35f42-6cbd-44fd-8445-0be77c05c4df	full	1	2026-05-07 09:00:00+00	\\x012648a12afe8ba02fd30a6eb24967594d875ffd6414fcd6b1781204f1d492eab4ad6f662b75fc2140d569d2675048056f241b7b73451f24a893321667764205e786684c94cbf3aee8a3a2a7aba4afb862a823c1994998162318e73547e2225daaf4247b11da9fd95fbdb0b76b4f3899b22b51ff83a491e7c8b27d1c9acef6c16125f56d9ab4d51a3441079b315db95e3f3506a3528f939571a1dc7a46261e7c9f0b3c71cf6f3da52c79571732760f1933e3620129fc95bf5408d59f3bde89650c3f1734f4698687713b790d46dd550ff1aa7ed4f42d5f3bf0013936daafdc1127a41eba7ece5ca90a212b50034963607bc8f5ad8c2aff976665615fd2ffdae976a87e81ee81b8d2f4f8c419870f5af89566016a40808250f5127e67f3aabc68d0e54dc51bc9a5e748247ea70667a46be9add54feda0d54ffbbb5e7070a1a394e366e2e6b8b37bff750b479252cba70c207b310b74ee3231bae55f29923b58c004e12d14f05f22a3650c18e1567e0b734ee5aa8167c06a149361499ad1a627b07e1a071e0801753cc420d3adc6fab0444a451c8b243cb8b2de644801adf97b1675a7238b8c1fe199ae8e186112fd6fdc7555b87e7ae06fc2205e45d5f688c84393ab7809824f7cee76ee7e9ccc00a6c26ea058f6a03a748413ad36fbbcb764c5f895e5ded4c2a774e6a79221a016283fcfb8d181cd399480e7aa299a09ed7193bf21470c26befe2ae9365b1ee87c9e700763cde7ce850088ccf8efb45383adb9f61f4393c7011cb2206bfb047763a0e7990d136267058bc51e283dc2c9a61650e7915fd0c7c90fd56eac111d834081a8af8d7ad311b9b470526652bbd9b526c846d03706e992ccb10afd77a45b4a555de1da17fea18e81f1c3708f74036e049c4b2538be2ec4c7ef2bb6d2308f580fc42c5aac327c1579f792090aa5159f8ce041b764ddf976e496cb06ce611fc5f1ab7f00396673c41113f29b70fbbb5786365dcfa09f287f17a5e27b1a356072ddafaf1f42f8385f05b8109ba0c2ff3c274f584af831d7a20036632e9a2abf2ed156cfa58effee63234fa33643869f31c36315f0c21cca224296584fc2ebc4473fb71d6ae1c70281194c7e966ea88dcf9da715f95d35c89c24ea39d778df98ad1f17106fc4d90a25006705afae084e991348cbf6b16e85cd59800942d085484b697840cd8782394b201514ea339ee497d020c53d782331d9a3214f01df8a23a4dfd2c9931c3b58ec45f4da40049a3843f4ca32a12116e0f641def9de2bcc37997390bfbf9bbad650ecbe994e17bbdadd60b6ba735fa3471646c1f149faeab9316701a3ba96be1bef1dbced10c9f972f5f2706570e0941cd0c1afec1222c0607cc4e1786846778ced056c1cd096078840551b1f433f1fec5eee7572b44daab281558c71cb0a040f26add599af846bde90b557f94567366567a8da8161cd7ac95d17a058d9f74d34e8e9021ab8c04464658601eb7fe545b5c573234558dd2d6369f3218311d8436eff8a0481bf47ca4d22d1a5babf5d93ec204e2b7cee04f7d10822b2599f0c235255bb7a4b0070f3089da577cae0aa97fd085e276bfd57bf900a7544deb2f735ee6380b6d5c41e076786e1139343223c6cf287be7011050693eef114b599e5661147fb544922cfb980da195c4329180278cfacab8d7ab5691500912fd89caa814a53e74b5109f2142bb29d36d582e96316de228366af63d9f3035850f645078680bc973b5221be2e51462d4951b60dd6a1c5b55c356e711a93d8af4efe79940c119a2667787b1a7a31f3d1970ad7034dc69cfa2641ee96f54d036537931926b53b3d1597d4f3a8edaa24d0c8c5ec879abce187f6ab4b1322e65c927c6d0e26aacff78b14cef2d546dc75f1271c4f4a38ea908abc88572b5d6a8ef334b38840a4da8a1145d6c462677e60a177e843daba7464a738f6ed177b6adae8351d43c8c0fc5c5854ff5e0490873b0beaadfb53a9528611b70b517874fc4d4fda513ee65a16c13ad8f87153bf7c17ea7e93931e2a3e2c8bc4fe10e35a5e0a8c8ff5147308c48a897e3198e6b75e63a2c7f338cdc0f9d9f4e0d8eebc8a61be0d281b6a677e5aa657a6805ecc63ee9b9a74eb1276dc7eefb3a1eb9c41665ab65c8a1f73e3520e21fda972ee63e81f3d780b73a0ca185012a33cd43d52ee83b8f4e4d6888e4e57bcf38ab36ee4b1d3cc178c7b491cc2da7ef322749d0d2258d2ed6a64647f9c3b41c72700a7652ba8e4e657d4f995a9143b0ca6e212c3f373b246d14897812f1636b47a2e3e60f2c159442e828c31b7b11c48cc3a448497b3f9416f942e4ee41f28b2bfb739ed3c2c79e0386c1f48dda0213f7282111bb7992eee0cc2b8990f7e20bf8a2494228d144fae095803c85553c3dbbc3d67e9b2cde49265af80542e69b5816d4d58272ef40d8b2d96e17e261976689deabda9d0fd7bd02e98d22ae4958335bce5f469c28f00b94f57549e2b36949f5e741dd2f791905cbb822fdbf4f54ec3322b3e6fe1a8418ab603b2ce40b32ab69e3bdb535ee14022f7978b99cb4ebe2053f3805d62bd	127c0abc-db24-46bb-aabd-f0a0b61c5399	d96f5421-0b52-4371-b39a-e7e04787a557	1
61cea323-6086-4284-a2a9-fd27c4d7cee4	full	1	2026-10-21 09:00:00+00	\\x01cc4322a3b5677a12df92f1b96fcbc3437a844a84acb9cf6ef93b5e4b04f524a61c29f58c81c480381727e80b8984f17423e5c4f2e79f169a3b5782266146cae07ab52337af7293f34a01e62cdbcd9f1e1924cbe5948852993ee78fc8959e6a18d6f74b15783ff473cf4807a03c695d40deb506167f42a2e7417b57cf80157a08a5e09c78f27866b1e9ce9c1e93bbff307e91ab2b5e89bfbee777a1799a2c570c14a47c298d7ab4f6ffdb564ae9049df11471cb052d4b63ff4c5f1252c245102e7c80308f29c0dd3adeb73ebf7790fdd09945c10d88ce1ca8d091cf2e3882f0033cb6954cc0426ca508a9f2df99db7192ee3ba625dc432f606d519647f395341bc680791b9ad7b1ddacbc79a150b5759a025a3dc92900b76130ec6a654ba91e4648d6124bb4d4ee2919ef348eed9008f70f71aba64734c8ae0e856cbdd723f2681cd79e8f8a99730be8f82df2bf14eecfa1776cd947c16af484076fe6c2b2b6650faec892cc06b295aeb4351f2284563c6473f91def3ce4abe0ec97f0d2c83e47643e14f0855f52bf7da241869842125d3ca2a3310460746b482e5be5a169f104fbb837fb7a6aae864e2a95474b365ba3b42171813c44034a56df048cdedd1bbe85a6abd9b2e027723b50c6e81a83ea6d5ba0321f202b19f2062fc55e2fdc5e8168c765cd6fbbabca8f6ef8dae8ea3176a7b5fbdcbd65f707e64aa9d50a13e47372c315d8b944c0d5cbfa5483556f461d44800865ee93ba566a775a704d5af3c218451809926a37f615f9f60e4731bd6bebda3b7d02c8add8948a332b07afa9202e421966d1033cc3ea64abc9495598e09037b31c735ee7466d8bf59b9087cc42244ef6dec1bbeb5573a1bbfee61171a935c6161cac6fe2c1cc3e817d5aef58dae150038293034b1c7d600c20bef56c436f67e8239f8bd0f75608a17078229073111e233bcd5cb3960af00c1ce212877dde010497770a10a8730449e109acfc7ab83f84dc78f23cad38fde6e7fdf618e1c06f173c038c89dd445d1eec2ca94576ebabbec314fe64830763226e1b67f9b6f3826d6fa2d6e64a0c17e6e17a1da6b00bee3b86fe87ad628bdb45936d870b345b8cb5fcdef62ca3e6381ce1087b81570767dbef5a1db8374be323510e8bb92437d62cb1f6dc1bf9eb1212f65006b5303cb531be3243aa275b38c50f9dfb2d06475eba09654ffd4b888f1ba7069164d88fae318d25d0b7ca4257d1cabbec03c0fb6df7f464d5e05c42c56414c8cccad7771337ce7325b7ee510c42a8b9c66ac94d5321dfda65ccbe419e1f59e2dce7bf6997610744d247956b1a89004f590cb0c91278b4e10adb30f778d4b91580a9ccabfefef02e0fd189fa24af778b2773e9970ce0a7a26925798091c69cd83a7454924e6bdfae56814e2d18c6c8fb314e640df1f264a48e696a425543424d4da40a599408a5fc93a61d0e7cf936ac71a8ca314c660bbab51fbee2665efaf08a07c7639f1a2c689a0cebb183fd411b43719e45b95bdb8045acf4657172ae6e5ce2e485db5b3bf7bc22d28fe3ca5ab20fac63fae2e2b9f5ef1bc3eaab9fb2e9bad21adb1fa070fb78483740bc79142f2c4f6791c53128b484c2523220cda7ad226fd9a68064e9ab14584ebe1f1b6d2024881035a23d0ed237507f28c3f6dcff1bc1ccad16524bc1d341e3e897a32ab9f500a0c46ec3edc46fb7d6948e583fae347e7b10a9c6c82ff21f2e11c1d60bc5e10ad2df2d01db13f19cc23b376524d1bfbb0f4f9191873a59b344f0dede73a96460514d693a1e72829f481fc0522807ede4636e8b5b302d328c90b7a5ddae274a203d6302d4ae598e40a45835a5540e40335fdabfb9543f154d3114fa5229f0945612f5260d3bb5200e475dddcf675afe7a2e4a3de1f5c2ee0ad9b7497dc8f10a26c080bffca63b622ed882ee720198a9e600e8c9c46e80d4c8398d0f29ccb43494ee12396bab423b5ca912c356e5cf75b313aac30cc009eac035fa456d2183976cb7ad97893b47fec65f05dc5aae8a42b1c1e36d565b4b1cd01a6ce7410fc6170cba7d34ff1195b6da1ad444fb26a3ac043455d6a2c6557f945e55efc288dfa4d0a3c8e6ace36211c85bb413d6c56c011d4e30454b6fb481cf1fe05633150385558844762bb03b4725938d02492766a57b629f13bbec488e83cce2b67b4b074112c2150e0e8f3df12dd6c5ea2d2bd9c1ce6ff71938caee9d0a7a57e53cd6427ae50ccfdb8d9288ae1e9bcf274012552157ba632f857803db5d42566ec0b2ca67b241af114d1ed987b6c128b5dcf4b1be102eb24bf2c5d447bdef34e5e67fb8db598a881bf8bb37a3e3641c95d34d3ed7e7e4ec84042306f569882756249fc08de7e87fc97706d53f53bfba8ca195a5c696174fa4eeada85282a74da710dc4a598e064d7f8441dd376afad7a842fd9716f6ab38714a2c27c9ce5e8feeb3f19e072eb430ab2b7d30160b0d0d8fef8d0df746d70caedfb3ce35213ca187b9121c418b8ad53c1bdd94a88df11e35abe1aa2bc2494e5d5f447e32b9e4d2e8185ab117ddb133304ee1bad954e4bdc25217	127c0abc-db24-46bb-aabd-f0a0b61c5399	a8a30e6f-7edb-4a1a-87ab-7c167d90aa7c	1
\.

COPY public.auth_group (id, name) FROM stdin;
\.

COPY public.auth_group_permissions (id, group_id, permission_id) FROM stdin;
\.

COPY public.auth_permission (id, name, content_type_id, codename) FROM stdin;
1	Can add specialist	9	add_specialist
2	Can change specialist	9	change_specialist
3	Can delete specialist	9	delete_specialist
4	Can view specialist	9	view_specialist
5	Can add date with other hours	4	add_dateoverride
6	Can change date with other hours	4	change_dateoverride
7	Can delete date with other hours	4	delete_dateoverride
8	Can view date with other hours	4	view_dateoverride
9	Can add slot	8	add_slot
10	Can change slot	8	change_slot
11	Can delete slot	8	delete_slot
12	Can view slot	8	view_slot
13	Can add booking	2	add_booking
14	Can change booking	2	change_booking
15	Can delete booking	2	delete_booking
16	Can view booking	2	view_booking
17	Can add wait	10	add_wait
18	Can change wait	10	change_wait
19	Can delete wait	10	delete_wait
20	Can view wait	10	view_wait
21	Can add offer of a time	6	add_offer
22	Can change offer of a time	6	change_offer
23	Can delete offer of a time	6	delete_offer
24	Can view offer of a time	6	view_offer
25	Can add weekly hours	11	add_weeklyhours
26	Can change weekly hours	11	change_weeklyhours
27	Can delete weekly hours	11	delete_weeklyhours
28	Can view weekly hours	11	view_weeklyhours
29	Can add block	1	add_block
30	Can change block	1	change_block
31	Can delete block	1	delete_block
32	Can view block	1	view_block
33	Can add change of a booking	3	add_bookingchange
34	Can change change of a booking	3	change_bookingchange
35	Can delete change of a booking	3	delete_bookingchange
36	Can view change of a booking	3	view_bookingchange
37	Can add message	5	add_message
38	Can change message	5	change_message
39	Can delete message	5	delete_message
40	Can view message	5	view_message
41	Can add photo	7	add_photo
42	Can change photo	7	change_photo
43	Can delete photo	7	delete_photo
44	Can view photo	7	view_photo
45	Can add version of the questionnaire	13	add_instrumentversion
46	Can change version of the questionnaire	13	change_instrumentversion
47	Can delete version of the questionnaire	13	delete_instrumentversion
48	Can view version of the questionnaire	13	view_instrumentversion
49	Can add answered questionnaire	14	add_response
50	Can change answered questionnaire	14	change_response
51	Can delete answered questionnaire	14	delete_response
52	Can view answered questionnaire	14	view_response
53	Can add result	15	add_result
54	Can change result	15	change_result
55	Can delete result	15	delete_result
56	Can view result	15	view_result
57	Can add group figures	12	add_groupfigures
58	Can change group figures	12	change_groupfigures
59	Can delete group figures	12	delete_groupfigures
60	Can view group figures	12	view_groupfigures
61	Can add page	16	add_entry
62	Can change page	16	change_entry
63	Can delete page	16	delete_entry
64	Can view page	16	view_entry
65	Can add choice of a prompt	17	add_promptchoice
66	Can change choice of a prompt	17	change_promptchoice
67	Can delete choice of a prompt	17	delete_promptchoice
68	Can view choice of a prompt	17	view_promptchoice
69	Can add version of a page	19	add_revision
70	Can change version of a page	19	change_revision
71	Can delete version of a page	19	delete_revision
72	Can view version of a page	19	view_revision
73	Can add reminder	18	add_reminder
74	Can change reminder	18	change_reminder
75	Can delete reminder	18	delete_reminder
76	Can view reminder	18	view_reminder
77	Can add account	22	add_user
78	Can change account	22	change_user
79	Can delete account	22	delete_user
80	Can view account	22	view_user
81	Can add data key	21	add_datakey
82	Can change data key	21	change_datakey
83	Can delete data key	21	delete_datakey
84	Can view data key	21	view_datakey
85	Can add consent	20	add_consent
86	Can change consent	20	change_consent
87	Can delete consent	20	delete_consent
88	Can view consent	20	view_consent
89	Can add prompt	23	add_prompt
90	Can change prompt	23	change_prompt
91	Can delete prompt	23	delete_prompt
92	Can view prompt	23	view_prompt
93	Can add email address	24	add_emailaddress
94	Can change email address	24	change_emailaddress
95	Can delete email address	24	delete_emailaddress
96	Can view email address	24	view_emailaddress
97	Can add email confirmation	25	add_emailconfirmation
98	Can change email confirmation	25	change_emailconfirmation
99	Can delete email confirmation	25	delete_emailconfirmation
100	Can view email confirmation	25	view_emailconfirmation
101	Can add authenticator	26	add_authenticator
102	Can change authenticator	26	change_authenticator
103	Can delete authenticator	26	delete_authenticator
104	Can view authenticator	26	view_authenticator
105	Can add user session	27	add_usersession
106	Can change user session	27	change_usersession
107	Can delete user session	27	delete_usersession
108	Can view user session	27	view_usersession
109	Can add procrastinate event	28	add_procrastinateevent
110	Can change procrastinate event	28	change_procrastinateevent
111	Can delete procrastinate event	28	delete_procrastinateevent
112	Can view procrastinate event	28	view_procrastinateevent
113	Can add procrastinate job	29	add_procrastinatejob
114	Can change procrastinate job	29	change_procrastinatejob
115	Can delete procrastinate job	29	delete_procrastinatejob
116	Can view procrastinate job	29	view_procrastinatejob
117	Can add procrastinate periodic defer	30	add_procrastinateperiodicdefer
118	Can change procrastinate periodic defer	30	change_procrastinateperiodicdefer
119	Can delete procrastinate periodic defer	30	delete_procrastinateperiodicdefer
120	Can view procrastinate periodic defer	30	view_procrastinateperiodicdefer
121	Can add procrastinate worker	31	add_procrastinateworker
122	Can change procrastinate worker	31	change_procrastinateworker
123	Can delete procrastinate worker	31	delete_procrastinateworker
124	Can view procrastinate worker	31	view_procrastinateworker
125	Can add log entry	32	add_logentry
126	Can change log entry	32	change_logentry
127	Can delete log entry	32	delete_logentry
128	Can view log entry	32	view_logentry
129	Can add permission	34	add_permission
130	Can change permission	34	change_permission
131	Can delete permission	34	delete_permission
132	Can view permission	34	view_permission
133	Can add group	33	add_group
134	Can change group	33	change_group
135	Can delete group	33	delete_group
136	Can view group	33	view_group
137	Can add content type	35	add_contenttype
138	Can change content type	35	change_contenttype
139	Can delete content type	35	delete_contenttype
140	Can view content type	35	view_contenttype
141	Can add session	36	add_session
142	Can change session	36	change_session
143	Can delete session	36	delete_session
144	Can view session	36	view_session
\.

COPY public.consultations_block (id, made_at, other_id, owner_id) FROM stdin;
1	2026-11-23 09:00:00+00	a596e3b8-91cc-4b60-9866-921b673ba1a8	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
2	2026-11-23 09:00:00+00	879bfe4f-1ebf-4e03-bc7a-9e559806ee32	127c0abc-db24-46bb-aabd-f0a0b61c5399
\.

COPY public.consultations_booking (id, starts_at, ends_at, status, format, sealed, mail, remind_day, remind_hour, token, made_at, changed_at, sequence, reschedules, unseen, client_fit, specialist_fit, objected_at, settled_at, client_id, specialist_id, slot_id) FROM stdin;
7df2e95b-7001-474b-8833-80daf4fa9cfd	2026-10-20 08:00:00+00	2026-10-20 08:30:00+00	completed	video	\\x01552bf324825bb34190a4060f25d0d61eef4964ac3c68c3a8adb1396d063417595c087d897eee29bf51497f5b2fca191d094c4fcfc71d9d273da71ead8a325a05d0a33c656e3a6efe439c74422f0cc6a143994b0e39924bd044546dd38c08d636091d17bdf6c2ea568a436da6c90561485fd969f0c561f9bd122634f97330187a7df7b38a3c51eba4635688c2df782a4c54b47973f196094d618a731fd9a3b3eb9c969a0674c5a46d7d56ab8507d028a7e853e73821033de81ea807179a0050577ee80cd729594a05b7fb6ad9e1e8e985756a6f4608251d4683733927369f8541457ead47381cf0889171612c6ea3a435752130ebbe8f9ebea67c0e8da285a0d9ffd7908b4344f03d985016e9d418fed5d97982cf4622acc7b00c307e	t	t	f	1e0600e9-2bd7-4ec5-b9d0-a2792cdf8554	2026-10-15 09:00:00+00	2026-10-20 09:30:00+00	0	0	f	yes		\N	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	37
6d30fb11-7762-433e-be68-4f5b6e3cba92	2026-10-21 09:00:00+00	2026-10-21 09:30:00+00	client_no_show	video	\\x0191dcc5bdfa41b2407704232259c7161a40189921120dd4b213702ab52773787ef7e32d6164bcaaa2d43d0c7c6a9631df4bf3af64a2b99f8b363fa89da7b655a13af6c2ab05f71abfdd8c80a436ab16765427c2f5c2a3769ae2908778114c76d9c1233ac57facfdcfdd3a69fe20a0e81ca2a3dab390b731aac7289c67efacec7fe12d3644473ca9e70cbc659d133031f0251fbe77d9460ee09ac767c82270000259576d8d98202cef8bd5ce364bb6dc3cef8caba6a897903da54f5e8ab283406f2f20cc5e35f9db72fdf8a3a112ebee4707e4dfb0393eb886491d2a8ecee5b50e4d6c830de0c2978436335c4eb34ffa40e83b7cb2086b51274beb23e5787efaab464e1a7acf7b9267db73e51eca89b523cb98b4a79b4474b06d05211b	t	t	f	c7ec7f18-662c-4485-b9d4-e02f85d9f89b	2026-10-15 09:00:00+00	2026-10-22 08:30:00+00	0	0	f			2026-10-22 08:30:00+00	\N	5599dc26-2cc5-4bf9-870c-8b6418df4be5	879bfe4f-1ebf-4e03-bc7a-9e559806ee32	61
5a686e83-c92c-4ee3-9590-5f77da7967ee	2026-11-11 10:00:00+00	2026-11-11 10:30:00+00	cancelled_by_client	video	\\x01559085c2a2f839ac63e5f2f476e5d6210e6177dba7fa09b51fd947a9a507b30f7b1fb7771bfbfb135d3c9325a1d8d04d0455c8ddca9adc05ff41e6bf94d5a5172918ed55d148f42b9993ac6eb05f0d398e76ccbe0a40fe6a09a25abc5dda590f1505c9b52103875bb538c289d703a5b0e66f9c32ae195e68141dfd95ab0062edf2d9e1b7c2e0a277d66b76c562d3fe781eba16606549085657bc5b37828cf01272f2a6eafbffd5cbfcf3cf7b663ce9121f3e542a8ae92095137a6cca9c8a3540c9af7746c1f1f2667004233a5d48f8af4e456fe100e6606f345f18eb12651e95e25052c2601592145766228e1b36611d036a203e7880bba8e03f0a8bf19a9bd2266db57eb9e0023fda15720f6f92ac5059aa77eb20f6adc984a68350	t	t	f	85cf6b2f-e27c-4396-b833-8aaed6704073	2026-11-04 09:00:00+00	2026-11-05 09:00:00+00	1	0	f			\N	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399	879bfe4f-1ebf-4e03-bc7a-9e559806ee32	67
3c3f51cd-877b-4b9b-8136-2785e1107ff9	2026-11-10 09:00:00+00	2026-11-10 09:30:00+00	specialist_no_show	video	\\x01cb7815211b9c87ff4beef9143621628b0e5cd5b14c973619a7883190c184c7f1b438f46a5842a80dd4f81e9a3d60ae3eb17545f181f2064ac1d1aff4dc4552c67cc9d302092a15e3007dc4247bf7230c55c76f8e9be0a6b039402a6c4509dd22a5ef377fd4df0f40c16f7757910c13ad24ff96662e90f790d7b3d42f069c61953a676758914560c14fef8f8a34f452eb4ed65a5520cf9e7ca603a8567b6334a9ec77692ce26ee6b6077803f802d3d18e72a5395c622940567c630553a37987a1c7be0126e582dfa71ba695178b385f10db95140d880870a405acd8fb2541e7660349346c8a7f912e98863d15c488416977e4d60a990a03253c9e702400c1d47a8112ab644ebd5520ebacfd84d2aba6690de76fc3ea54a2d174ebe50e	t	t	f	c883e15c-15fe-4f4e-81a5-ac2fc721dad9	2026-11-04 09:00:00+00	2026-11-10 10:30:00+00	0	0	f			\N	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	49
08d227cc-90fd-45f0-96b9-425d780b8bb0	2026-11-26 14:00:00+00	2026-11-26 14:30:00+00	booked	video	\\x0151dfa6413f6f0105060daaf4cdb9ed1c168948a54bce11a4f962e41ba9ad893250e1ece4ddc360328e6479a2052a644b370714871110ea8a40f4e5ed71205b8464c4536e02bd2a84ccd79380afe0d7f624f56a12d9ea4245804491ec394275057eda765fef3ca21d2bfdd27ba2d02e8f4c0ce907d9b961c25b0a833794156595a598852bb3813c0c7268c4fa5dfc01b29753358387497e0d36d4c64bf2186863b2fed26750be06ac2ce6c7f3f23c3687d4826dda20fe78d4ba537b0fb087fda4b5b70416e762fcfbce54b096f291413d8d3bd585407e2222746be38edc32c4568aba3f9903347796e09a3ecd199265b63e9450fae1b1de00be4dae8608e5dfcf6ca89fc6567ad6806e6ddb6722a02796d86b21c1a14436170b907303	t	t	f	518b2ac9-c774-4387-8ce9-a97727d670a2	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	0	0	f			\N	\N	5599dc26-2cc5-4bf9-870c-8b6418df4be5	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	59
d36bf18d-a07a-4831-a115-4e289e98d3b8	2026-12-02 10:00:00+00	2026-12-02 10:30:00+00	cancelled_by_specialist	video	\\x01e33aad2cf738540b6f65bb83d5ace3145e8c590551787c3264f031f9643db24c7f23b146d3d9ba2a6e14f3bd4841019f1b7218509772add548715d736334bc6b83dd2993187c8e334193acd805f9f35726c97338ac2cd0917a33acd4d31d43ba50e1c8093283e02e79007fcab4ed0b9c7517772cbd923076c96f249380b77d510d66476aa379bc9fa9a995b5f7864ab6bd3abb5e2305b7a94d3f87d9a4748e0ad3c525b20ea617da83388e1c333091fecaa45665093cc226dd28dd6b13dba097814c56741294712351292c4619aed209c27e8311332815d123725a06fa8ac3e83804e733b18c34a8a383e0fa08e6f6618cfaba24800ae38488c803f61e94222a3e1201c814d24787a8ddd435eaada797fdfe8b3e8febc547f2fc1b61	t	t	f	87ff27ae-d722-4bb9-8467-0d3302eb8db6	2026-11-21 09:00:00+00	2026-11-22 09:00:00+00	1	0	t			\N	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399	879bfe4f-1ebf-4e03-bc7a-9e559806ee32	83
bb309e70-9782-446e-bc41-a2020863f4ae	2026-12-03 14:00:00+00	2026-12-03 14:30:00+00	booked	video	\\x01e49c9b4843eb618036838a6771aa4518747f54f1bb3a1aa62f8dd8f1d4da91dbcf3e526c57b1b947414305c882beb4691b7fb6ba8dc47af27078f5c5dd5cf66691c474147c57b09db787eae7c85ced3e8ea039c3806856446b49bb639001809644af32bae16090ac04522d5f7d016337720c60fc7332f37c589752a05f756903a7b652ee9a49249e261717bb12977aa1dfda2bb3fed75f1a5b15256111400f3ba1b2b9a5971e2a0ace01ab23b6556debe3f9fc18237f76102dadba0f10f48ec27a927a5656274aaf99e492ed07ebaa4e861be13a48e1273d0ecb2a339924132bc93ec68e652687029f8d61077bcb83f0cb888943bb6bdd42bc10294cd783e563bc0614ad81e8d9055a739e1bcecb0d458326d1c4ff70041897c16d43	t	t	f	98501499-2ecc-45d9-ba0b-d3d58edaa884	2026-11-21 09:00:00+00	2026-11-23 09:00:00+00	1	1	f			\N	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	75
\.

COPY public.consultations_bookingchange (id, at, side, status, moved_from, booking_id) FROM stdin;
1	2026-10-20 09:30:00+00	specialist	completed	\N	7df2e95b-7001-474b-8833-80daf4fa9cfd
2	2026-10-22 08:30:00+00	specialist	client_no_show	\N	6d30fb11-7762-433e-be68-4f5b6e3cba92
3	2026-10-22 08:30:00+00	client	client_no_show	\N	6d30fb11-7762-433e-be68-4f5b6e3cba92
4	2026-11-05 09:00:00+00	client	cancelled_by_client	\N	5a686e83-c92c-4ee3-9590-5f77da7967ee
5	2026-11-10 10:30:00+00	client	specialist_no_show	\N	3c3f51cd-877b-4b9b-8136-2785e1107ff9
6	2026-11-22 09:00:00+00	specialist	cancelled_by_specialist	\N	d36bf18d-a07a-4831-a115-4e289e98d3b8
7	2026-11-23 09:00:00+00	client	booked	2026-12-01 09:00:00+00	bb309e70-9782-446e-bc41-a2020863f4ae
\.

COPY public.consultations_dateoverride (id, date, starts, ends, specialist_id) FROM stdin;
1	2026-12-08	600	660	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
2	2026-12-10	\N	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
\.

COPY public.consultations_message (id, kind, key, made_at, begun_at, sent_at, dropped_at, booking_id, wait_id, owner_id) FROM stdin;
d07afdc6-8757-43ff-8790-6a32ad0815da	verification	verified:2026-09-05T09:00:00+00:00	2026-09-05 09:00:00+00	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	\N	\N	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
76068062-bf68-469f-a146-91de2aae90cb	verification	verified:2026-09-05T09:00:00+00:00	2026-09-05 09:00:00+00	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	\N	\N	\N	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
b3166d13-03b3-4fb3-b588-13d7e1e7cb88	confirmed	confirmed:0	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	\N	7df2e95b-7001-474b-8833-80daf4fa9cfd	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
b4f07af2-9f48-4213-b9df-11551e5c7a1d	confirmed	confirmed:0	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	\N	7df2e95b-7001-474b-8833-80daf4fa9cfd	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
cfe44646-f77f-49bc-8e89-6d57df350583	confirmed	confirmed:0	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	\N	6d30fb11-7762-433e-be68-4f5b6e3cba92	\N	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
65d0d1b8-9085-4d41-9e58-5a3c02cb1231	confirmed	confirmed:0	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	2026-10-15 09:00:00+00	\N	6d30fb11-7762-433e-be68-4f5b6e3cba92	\N	5599dc26-2cc5-4bf9-870c-8b6418df4be5
3d8873d3-ddea-4bc9-85e0-f5ab8b22493e	confirmed	confirmed:0	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	\N	3c3f51cd-877b-4b9b-8136-2785e1107ff9	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
df731ae9-d948-4115-8aeb-f578e33f9aaa	confirmed	confirmed:0	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	\N	3c3f51cd-877b-4b9b-8136-2785e1107ff9	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
62baafbd-8836-4c6f-9c42-6a228debe31e	confirmed	confirmed:0	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	\N	5a686e83-c92c-4ee3-9590-5f77da7967ee	\N	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
24a8c395-3de7-44a8-ac2b-883c706d476a	confirmed	confirmed:0	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	2026-11-04 09:00:00+00	\N	5a686e83-c92c-4ee3-9590-5f77da7967ee	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
037939d0-f807-4bf5-a247-556d69fa269d	cancelled	cancelled:1	2026-11-05 09:00:00+00	2026-11-05 09:00:00+00	2026-11-05 09:00:00+00	\N	5a686e83-c92c-4ee3-9590-5f77da7967ee	\N	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
a539aad8-561a-4dc2-9e61-811296864286	confirmed	confirmed:0	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	\N	d36bf18d-a07a-4831-a115-4e289e98d3b8	\N	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
63e1d780-3e12-466c-b986-2e09c18ff099	confirmed	confirmed:0	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	\N	d36bf18d-a07a-4831-a115-4e289e98d3b8	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
bec0b21c-01be-4d57-8c8e-ce319af0cb92	confirmed	confirmed:0	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	\N	bb309e70-9782-446e-bc41-a2020863f4ae	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
f13bd871-6b92-48f6-b290-95e881ea4e3a	confirmed	confirmed:0	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	\N	bb309e70-9782-446e-bc41-a2020863f4ae	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
621359e1-ff2b-465c-bae0-e82aa3ad52e9	confirmed	confirmed:0	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	\N	08d227cc-90fd-45f0-96b9-425d780b8bb0	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
597d55a0-4384-4511-89a1-87614f2dcd68	confirmed	confirmed:0	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	2026-11-21 09:00:00+00	\N	08d227cc-90fd-45f0-96b9-425d780b8bb0	\N	5599dc26-2cc5-4bf9-870c-8b6418df4be5
c79f1c75-a332-468d-a6b2-3b85a13bee85	cancelled	cancelled:1	2026-11-22 09:00:00+00	2026-11-22 09:00:00+00	2026-11-22 09:00:00+00	\N	d36bf18d-a07a-4831-a115-4e289e98d3b8	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
88cdc18d-3b06-4641-b43b-4f70b01d03cd	moved	moved:1	2026-11-23 09:00:00+00	\N	\N	\N	bb309e70-9782-446e-bc41-a2020863f4ae	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
ad4a8c99-677e-4741-8a39-7e7608f7b785	moved	moved:1	2026-11-23 09:00:00+00	\N	\N	\N	bb309e70-9782-446e-bc41-a2020863f4ae	\N	127c0abc-db24-46bb-aabd-f0a0b61c5399
a510537a-169a-4152-aa7a-e446b082f7de	opening	opening:4346d715-66ec-4db8-a9c5-cc293de6751c:2026-11-23T09:00:00+00:00	2026-11-23 09:00:00+00	\N	\N	\N	\N	4346d715-66ec-4db8-a9c5-cc293de6751c	5599dc26-2cc5-4bf9-870c-8b6418df4be5
803a4a6d-ca92-45eb-a50f-bb664270fc89	opening	opening:436e8454-3d57-459b-965a-53689e4634b6:2026-11-23T23:00:00+00:00	2026-11-23 23:00:00+00	\N	\N	\N	\N	436e8454-3d57-459b-965a-53689e4634b6	127c0abc-db24-46bb-aabd-f0a0b61c5399
\.

COPY public.consultations_offer (id, told_at, slot_id, wait_id) FROM stdin;
1	2026-11-23 09:00:00+00	105	4346d715-66ec-4db8-a9c5-cc293de6751c
2	2026-11-23 23:00:00+00	106	436e8454-3d57-459b-965a-53689e4634b6
\.

COPY public.consultations_photo (specialist_id, sha256, webp) FROM stdin;
420a3764-0b8a-4d26-bcda-6ce3aba18d9d	08fc6d417d7615f8c8f4de33babc7959c52837714bb6ce9dccac1809d8bbcef5	\\x524946464c010000574542505650382040010000b01b009d012a000100013e61309348a422a1a1202878800c09696ee1767f0ec40bc23c9317ad1ffa99ff00d7448fffd3fb9dcfc21f1ff5ffa79bbf800a6a45229148a45228f688d260a29148a45229147b4467f7a1038a0946b46aa9c6e03229148a45228f68d89162147345a2d168b38ab520ae646ab99cce67329c467f7a1038a0946b46aa9c6e03229148a45228f6f1a621fb2592c964b259256362438b7a8d68d5733994e233fbd081c504a35a3554e37019148a45229147b46c48b10a39a2d168b459c55a905732355cce6733994e233fbd081c504a35a3554e37019148a45229147a8000feffc59f4f6c02ccdd85cda559ea00af813bbe8281c281d66013d802485a55a9d281978595788464528aa5cfdc600a01a006e845b862bfdc087e170236294552e56cc95150032ed4a312ae4e42571f90a038a6daa362000000
\.

COPY public.consultations_slot (id, starts_at, ends_at, is_open, closed, extra, specialist_id) FROM stdin;
1	2026-09-08 08:00:00+00	2026-09-08 08:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
2	2026-09-08 08:30:00+00	2026-09-08 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
3	2026-09-10 13:00:00+00	2026-09-10 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
4	2026-09-10 13:30:00+00	2026-09-10 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
5	2026-09-15 08:00:00+00	2026-09-15 08:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
6	2026-09-15 08:30:00+00	2026-09-15 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
7	2026-09-17 13:00:00+00	2026-09-17 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
8	2026-09-17 13:30:00+00	2026-09-17 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
9	2026-09-22 08:00:00+00	2026-09-22 08:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
10	2026-09-22 08:30:00+00	2026-09-22 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
11	2026-09-24 13:00:00+00	2026-09-24 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
12	2026-09-24 13:30:00+00	2026-09-24 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
13	2026-09-29 08:00:00+00	2026-09-29 08:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
14	2026-09-29 08:30:00+00	2026-09-29 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
15	2026-10-01 13:00:00+00	2026-10-01 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
16	2026-10-01 13:30:00+00	2026-10-01 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
17	2026-10-06 08:00:00+00	2026-10-06 08:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
18	2026-10-06 08:30:00+00	2026-10-06 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
19	2026-10-08 13:00:00+00	2026-10-08 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
20	2026-10-08 13:30:00+00	2026-10-08 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
21	2026-10-13 08:00:00+00	2026-10-13 08:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
22	2026-10-13 08:30:00+00	2026-10-13 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
23	2026-10-15 13:00:00+00	2026-10-15 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
24	2026-10-15 13:30:00+00	2026-10-15 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
25	2026-09-09 09:00:00+00	2026-09-09 09:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
26	2026-09-09 09:30:00+00	2026-09-09 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
27	2026-09-16 09:00:00+00	2026-09-16 09:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
28	2026-09-16 09:30:00+00	2026-09-16 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
29	2026-09-23 09:00:00+00	2026-09-23 09:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
30	2026-09-23 09:30:00+00	2026-09-23 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
31	2026-09-30 09:00:00+00	2026-09-30 09:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
32	2026-09-30 09:30:00+00	2026-09-30 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
33	2026-10-07 09:00:00+00	2026-10-07 09:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
34	2026-10-07 09:30:00+00	2026-10-07 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
35	2026-10-14 09:00:00+00	2026-10-14 09:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
36	2026-10-14 09:30:00+00	2026-10-14 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
38	2026-10-20 08:30:00+00	2026-10-20 09:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
39	2026-10-22 13:00:00+00	2026-10-22 13:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
40	2026-10-22 13:30:00+00	2026-10-22 14:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
41	2026-10-27 09:00:00+00	2026-10-27 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
42	2026-10-27 09:30:00+00	2026-10-27 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
43	2026-10-29 14:00:00+00	2026-10-29 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
44	2026-10-29 14:30:00+00	2026-10-29 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
45	2026-11-03 09:00:00+00	2026-11-03 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
46	2026-11-03 09:30:00+00	2026-11-03 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
47	2026-11-05 14:00:00+00	2026-11-05 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
48	2026-11-05 14:30:00+00	2026-11-05 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
50	2026-11-10 09:30:00+00	2026-11-10 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
51	2026-11-12 14:00:00+00	2026-11-12 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
52	2026-11-12 14:30:00+00	2026-11-12 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
53	2026-11-17 09:00:00+00	2026-11-17 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
54	2026-11-17 09:30:00+00	2026-11-17 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
55	2026-11-19 14:00:00+00	2026-11-19 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
56	2026-11-19 14:30:00+00	2026-11-19 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
57	2026-11-24 09:00:00+00	2026-11-24 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
58	2026-11-24 09:30:00+00	2026-11-24 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
60	2026-11-26 14:30:00+00	2026-11-26 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
37	2026-10-20 08:00:00+00	2026-10-20 08:30:00+00	f	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
62	2026-10-21 09:30:00+00	2026-10-21 10:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
63	2026-10-28 10:00:00+00	2026-10-28 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
64	2026-10-28 10:30:00+00	2026-10-28 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
65	2026-11-04 10:00:00+00	2026-11-04 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
66	2026-11-04 10:30:00+00	2026-11-04 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
68	2026-11-11 10:30:00+00	2026-11-11 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
69	2026-11-18 10:00:00+00	2026-11-18 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
70	2026-11-18 10:30:00+00	2026-11-18 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
71	2026-11-25 10:00:00+00	2026-11-25 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
72	2026-11-25 10:30:00+00	2026-11-25 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
61	2026-10-21 09:00:00+00	2026-10-21 09:30:00+00	f	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
74	2026-12-01 09:30:00+00	2026-12-01 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
76	2026-12-03 14:30:00+00	2026-12-03 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
82	2026-12-15 09:30:00+00	2026-12-15 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
49	2026-11-10 09:00:00+00	2026-11-10 09:30:00+00	f	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
84	2026-12-02 10:30:00+00	2026-12-02 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
85	2026-12-09 10:00:00+00	2026-12-09 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
86	2026-12-09 10:30:00+00	2026-12-09 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
87	2026-12-16 10:00:00+00	2026-12-16 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
88	2026-12-16 10:30:00+00	2026-12-16 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
67	2026-11-11 10:00:00+00	2026-11-11 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
89	2026-12-23 10:00:00+00	2026-12-23 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
90	2026-12-23 10:30:00+00	2026-12-23 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
91	2026-12-30 10:00:00+00	2026-12-30 10:30:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
92	2026-12-30 10:30:00+00	2026-12-30 11:00:00+00	t	f	f	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
93	2026-12-17 14:00:00+00	2026-12-17 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
94	2026-12-17 14:30:00+00	2026-12-17 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
95	2026-12-22 09:00:00+00	2026-12-22 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
96	2026-12-22 09:30:00+00	2026-12-22 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
97	2026-12-24 14:00:00+00	2026-12-24 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
98	2026-12-24 14:30:00+00	2026-12-24 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
99	2026-12-29 09:00:00+00	2026-12-29 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
100	2026-12-29 09:30:00+00	2026-12-29 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
101	2026-12-31 14:00:00+00	2026-12-31 14:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
102	2026-12-31 14:30:00+00	2026-12-31 15:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
59	2026-11-26 14:00:00+00	2026-11-26 14:30:00+00	f	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
83	2026-12-02 10:00:00+00	2026-12-02 10:30:00+00	f	t	t	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
75	2026-12-03 14:00:00+00	2026-12-03 14:30:00+00	f	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
73	2026-12-01 09:00:00+00	2026-12-01 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
103	2026-12-08 10:00:00+00	2026-12-08 10:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
104	2026-12-08 10:30:00+00	2026-12-08 11:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
105	2026-11-24 23:00:00+00	2026-11-24 23:30:00+00	t	f	t	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
81	2026-12-15 09:00:00+00	2026-12-15 09:30:00+00	f	t	t	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
106	2026-11-24 22:00:00+00	2026-11-24 22:30:00+00	t	f	t	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
107	2027-01-05 09:00:00+00	2027-01-05 09:30:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
108	2027-01-05 09:30:00+00	2027-01-05 10:00:00+00	t	f	f	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
\.

COPY public.consultations_specialist (user_id, slug, status, name, profession, years, about, languages, themes, formats, sealed_addresses, timezone, notice_hours, offers_free, paused, allows_another, register_name, register_number, register_url, submitted_at, verified_at, check_again_on, returned_because, feed_hash, created_at, changed_at, verified_by_id) FROM stdin;
879bfe4f-1ebf-4e03-bc7a-9e559806ee32	jon-teasel	verified	Jon Teasel	Counsellor	9	I listen.	{en,pt}	{balance,refusals}	{video,phone}	\\x0132fe0218b440855aa8b1b8ed1712fa46c43863ab47e8804a3f4ad965495342b41edf072e64710abb7c4ba808f49105d2e63c6af1fa7fb9643eff8cae0e47e2c04a6753baf18f3eb753a09988b6578b0e04f8a84ddcbb4872d484208128d175571b67889711de98d09367ecf023fc956ba414bb08f2b6ece203f2bf838c1a600cc8ca758516e5396f58a3b76715e5aa4e2c4eaba6668f91127c197fb72e1c1a6aa7c3edee7ca74b68ff880d42cbf76042e9fe60a35df0f3e047b90a074159ab04fb03aaac67d496faa22785369f8bceaac2e0836f385bf0caf691e55348178aa4536a800918a3f239917155cc0ba319fe4223dac827cf5bbff296cad39a3e6add4a445923928bd87d7c8f597dbe0cea963c5b3d69ea89ec6b12e921e0	Europe/Lisbon	12	t	f	f	Register of Burnet	R-17	https://register.example/17	2026-09-05 09:00:00+00	2026-09-05 09:00:00+00	2027-09-01			2026-09-05 09:00:00+00	2026-09-05 09:00:00+00	f47484d4-ca45-4dc7-80c0-2546d3ef0042
45379837-80fa-41aa-a59b-0971e9debb24	lena	draft	Lena		\N		{}	{}	{}	\N	UTC	12	t	f	f				\N	\N	\N	The number is missing.		2026-09-25 09:00:00+00	2026-09-25 09:00:00+00	\N
420a3764-0b8a-4d26-bcda-6ce3aba18d9d	mara-ramsons	verified	Mara Ramsons	Woodruff	9	I work slowly, with stitchwort.	{en,pt}	{balance,refusals}	{video,phone}	\\x01c08fc8494514c5955fd2650544064c96189248815f3dc35b2d286b16d4e9f52479e3d9eab72d85b861015a882c121a6e4145fa405884c0acbfa2dccb1bb0cb49b10be5010f31bfe819e646061466da4b04f397af9bc033de1963960e7f103e578816152b1e9f0d23435bcad40e032770972d03d1e08eb7a1fbe15c349360e1a308c0c2527c93d4ac80272be640120a0a0d7bbedceed062298c93fdb6b37a10d2803669842de10023601ef7556ef464d7e606b2bde8a6ffa95d112bd939179912606c5be6763bd58f7c01b2f87aa062caaebe89d735075c67f2ba4955a092195447737f27aee4c2461ae60aef96b2d033fbd42b9be49379f25dd7de41f2d26bee62ebe47fd0b5178d996c7ded87b33d8ec0a421f12af3237fae4a814f	Europe/Lisbon	12	t	f	t	Register of Burnet	R-17	https://register.example/17	2026-09-05 09:00:00+00	2026-09-05 09:00:00+00	2027-09-01		e4e9018c93ac62bf1132048ce7681c72c2794ec3ac5c3b33c93c0438f586546d	2026-09-05 09:00:00+00	2026-11-23 09:00:00+00	f47484d4-ca45-4dc7-80c0-2546d3ef0042
\.

COPY public.consultations_wait (id, theme, language, mail, made_at, owner_id, specialist_id) FROM stdin;
436e8454-3d57-459b-965a-53689e4634b6	balance	pt	t	2026-11-21 09:00:00+00	127c0abc-db24-46bb-aabd-f0a0b61c5399	\N
4346d715-66ec-4db8-a9c5-cc293de6751c			t	2026-11-21 09:00:00+00	5599dc26-2cc5-4bf9-870c-8b6418df4be5	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
\.

COPY public.consultations_weeklyhours (id, weekday, starts, ends, valid_from, valid_to, specialist_id) FROM stdin;
1	1	540	600	2026-09-05	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
2	3	840	900	2026-09-05	\N	420a3764-0b8a-4d26-bcda-6ce3aba18d9d
3	2	600	660	2026-09-05	\N	879bfe4f-1ebf-4e03-bc7a-9e559806ee32
\.

COPY public.django_admin_log (id, action_time, object_id, object_repr, action_flag, change_message, content_type_id, user_id) FROM stdin;
1	2026-09-05 09:00:00+00	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	Mara	2	[]	9	f47484d4-ca45-4dc7-80c0-2546d3ef0042
\.

COPY public.django_content_type (id, app_label, model) FROM stdin;
1	consultations	block
2	consultations	booking
3	consultations	bookingchange
4	consultations	dateoverride
5	consultations	message
6	consultations	offer
7	consultations	photo
8	consultations	slot
9	consultations	specialist
10	consultations	wait
11	consultations	weeklyhours
12	assessments	groupfigures
13	assessments	instrumentversion
14	assessments	response
15	assessments	result
16	journal	entry
17	journal	promptchoice
18	journal	reminder
19	journal	revision
20	accounts	consent
21	accounts	datakey
22	accounts	user
23	guide	prompt
24	account	emailaddress
25	account	emailconfirmation
26	mfa	authenticator
27	usersessions	usersession
28	procrastinate	procrastinateevent
29	procrastinate	procrastinatejob
30	procrastinate	procrastinateperiodicdefer
31	procrastinate	procrastinateworker
32	admin	logentry
33	auth	group
34	auth	permission
35	contenttypes	contenttype
36	sessions	session
\.

COPY public.django_migrations (id, app, name, applied) FROM stdin;
1	contenttypes	0001_initial	2025-07-12 09:00:00+00
2	contenttypes	0002_remove_content_type_name	2025-07-12 09:00:00+00
3	auth	0001_initial	2025-07-12 09:00:00+00
4	auth	0002_alter_permission_name_max_length	2025-07-12 09:00:00+00
5	auth	0003_alter_user_email_max_length	2025-07-12 09:00:00+00
6	auth	0004_alter_user_username_opts	2025-07-12 09:00:00+00
7	auth	0005_alter_user_last_login_null	2025-07-12 09:00:00+00
8	auth	0006_require_contenttypes_0002	2025-07-12 09:00:00+00
9	auth	0007_alter_validators_add_error_messages	2025-07-12 09:00:00+00
10	auth	0008_alter_user_username_max_length	2025-07-12 09:00:00+00
11	auth	0009_alter_user_last_name_max_length	2025-07-12 09:00:00+00
12	auth	0010_alter_group_name_max_length	2025-07-12 09:00:00+00
13	auth	0011_update_proxy_permissions	2025-07-12 09:00:00+00
14	auth	0012_alter_user_first_name_max_length	2025-07-12 09:00:00+00
15	accounts	0001_initial	2025-07-12 09:00:00+00
16	account	0001_initial	2025-07-12 09:00:00+00
17	account	0002_email_max_length	2025-07-12 09:00:00+00
18	account	0003_alter_emailaddress_create_unique_verified_email	2025-07-12 09:00:00+00
19	account	0004_alter_emailaddress_drop_unique_email	2025-07-12 09:00:00+00
20	account	0005_emailaddress_idx_upper_email	2025-07-12 09:00:00+00
21	account	0006_emailaddress_lower	2025-07-12 09:00:00+00
22	account	0007_emailaddress_idx_email	2025-07-12 09:00:00+00
23	account	0008_emailaddress_unique_primary_email_fixup	2025-07-12 09:00:00+00
24	account	0009_emailaddress_unique_primary_email	2025-07-12 09:00:00+00
25	accounts	0002_consents_are_only_added_to	2025-07-12 09:00:00+00
26	accounts	0003_closing	2025-07-12 09:00:00+00
27	admin	0001_initial	2025-07-12 09:00:00+00
28	admin	0002_logentry_remove_auto_add	2025-07-12 09:00:00+00
29	admin	0003_logentry_add_action_flag_choices	2025-07-12 09:00:00+00
30	assessments	0001_initial	2025-07-12 09:00:00+00
31	assessments	0002_published_and_submitted_never_change	2025-07-12 09:00:00+00
32	consultations	0001_initial	2025-07-12 09:00:00+00
33	consultations	0002_wait_without_before	2025-07-12 09:00:00+00
34	guide	0001_initial	2025-07-12 09:00:00+00
35	journal	0001_initial	2025-07-12 09:00:00+00
36	journal	0002_reminder	2025-07-12 09:00:00+00
37	journal	0003_entry_reading_indexes	2025-07-12 09:00:00+00
38	journal	0004_revision_date_and_pinned	2025-07-12 09:00:00+00
39	mfa	0001_initial	2025-07-12 09:00:00+00
40	mfa	0002_authenticator_timestamps	2025-07-12 09:00:00+00
41	mfa	0003_authenticator_type_uniq	2025-07-12 09:00:00+00
42	procrastinate	0001_initial	2025-07-12 09:00:00+00
43	procrastinate	0002_drop_started_at_column	2025-07-12 09:00:00+00
44	procrastinate	0003_drop_started_at_column	2025-07-12 09:00:00+00
45	procrastinate	0004_drop_procrastinate_version_table	2025-07-12 09:00:00+00
46	procrastinate	0005_fix_procrastinate_fetch_job	2025-07-12 09:00:00+00
47	procrastinate	0006_fix_trigger_status_events_insert	2025-07-12 09:00:00+00
48	procrastinate	0007_add_queueing_lock_column	2025-07-12 09:00:00+00
49	procrastinate	0008_close_fetch_job_race_condition	2025-07-12 09:00:00+00
50	procrastinate	0009_add_defer_job_function	2025-07-12 09:00:00+00
51	procrastinate	0010_add_procrastinate_periodic_defers	2025-07-12 09:00:00+00
52	procrastinate	0011_add_foreign_key_index	2025-07-12 09:00:00+00
53	procrastinate	0012_add_locks_to_periodic_defer	2025-07-12 09:00:00+00
54	procrastinate	0013_fix_procrastinate_defer_periodic_job	2025-07-12 09:00:00+00
55	procrastinate	0014_add_finish_job_and_retry_job_functions	2025-07-12 09:00:00+00
56	procrastinate	0015_add_trigger_on_job_deletion	2025-07-12 09:00:00+00
57	procrastinate	0016_delete_finished_jobs	2025-07-12 09:00:00+00
58	procrastinate	0017_add_checks_to_finish_job	2025-07-12 09:00:00+00
59	procrastinate	0018_add_checks_to_retry_job	2025-07-12 09:00:00+00
60	procrastinate	0019_fix_finish_job_compat_issue	2025-07-12 09:00:00+00
61	procrastinate	0020_add_index_on_procrastinate_jobs	2025-07-12 09:00:00+00
62	procrastinate	0021_add_kwargs_to_defer_periodic_job	2025-07-12 09:00:00+00
63	procrastinate	0022_null_locks_excluded	2025-07-12 09:00:00+00
64	procrastinate	0023_remove_old_finish_job_function	2025-07-12 09:00:00+00
65	procrastinate	0024_job_id_bigint	2025-07-12 09:00:00+00
66	procrastinate	0025_add_models	2025-07-12 09:00:00+00
67	procrastinate	0026_add_job_priority	2025-07-12 09:00:00+00
68	procrastinate	0027_add_periodic_job_priority	2025-07-12 09:00:00+00
69	procrastinate	0028_add_cancel_states	2025-07-12 09:00:00+00
70	procrastinate	0029_add_additional_params_to_retry_job	2025-07-12 09:00:00+00
71	procrastinate	0030_alter_procrastinateevent_options	2025-07-12 09:00:00+00
72	procrastinate	0031_add_indexes_for_fetch_job	2025-07-12 09:00:00+00
73	procrastinate	0032_pre_cancel_notification	2025-07-12 09:00:00+00
74	procrastinate	0033_post_cancel_notification	2025-07-12 09:00:00+00
75	procrastinate	0034_pre_add_heartbeat	2025-07-12 09:00:00+00
76	procrastinate	0035_post_add_heartbeat	2025-07-12 09:00:00+00
77	procrastinate	0036_add_worker_model	2025-07-12 09:00:00+00
78	procrastinate	0037_pre_batch_defer_jobs	2025-07-12 09:00:00+00
79	procrastinate	0038_post_batch_defer_jobs	2025-07-12 09:00:00+00
80	procrastinate	0039_pre_priority_lock_fetch_job	2025-07-12 09:00:00+00
81	procrastinate	0040_pre_retry_failed_job	2025-07-12 09:00:00+00
82	procrastinate	0041_post_retry_failed_job	2025-07-12 09:00:00+00
83	sessions	0001_initial	2025-07-12 09:00:00+00
84	usersessions	0001_initial	2025-07-12 09:00:00+00
\.

COPY public.guide_prompt (id, key, theme, title, why, steps, minutes, care, suppressed_if_unsafe, "order", published) FROM stdin;
1	free		What would I like to write today?	A blank page is sometimes the best question.	{}	10	f	f	0	t
2	balance-1	balance	What did I give this week, and what reached me?	A short list shows more than a general feeling does.	{"Three things I gave, large or small.","Three things that reached me, even if they were small or clumsy.","Which of these did I nearly forget?"}	8	f	f	1	t
3	balance-2	balance	In which part of our life do I lean, and in which am I leaned on?	Most couples change places from one part of life to another.	{"Where do I mostly carry things?","Where am I mostly carried?","How do I feel in each place?"}	8	f	t	2	t
4	balance-3	balance	What is hard for me about receiving?	Being given something can bring up debt, doubt or shyness, and that is rarely spoken about.	{"Something kind that was done for me lately.","What did I feel in the first few seconds?","What did I do next: thank, joke, give back, turn away?","Where might I have learned that?"}	10	t	f	3	t
5	balance-4	balance	Which one thing could I let rest for a week?	A small pause can show whether something is needed, wanted or only a habit.	{"Something I do for us that nobody asked for.","What do I fear would happen without it?","What would I do with the time?"}	7	f	t	4	t
6	balance-5	balance	What season are we in at the moment?	Illness, work, grief or a new baby can tilt things for a while.	{"What is taking strength from me right now?","What might be taking strength from my partner?","When did this season begin, and how might I notice that it is ending?"}	7	f	t	5	t
7	balance-6	balance	What would feel level to me, in one ordinary week?	It is easier to speak about a picture than about a feeling of unfairness.	{"A weekday that feels level: who does what, and when do we meet?","Which part of that picture matters most to me?","Which part is there already?"}	10	f	t	6	t
8	illusions-1	illusions	I tell myself it is fine because…	Comforting stories are easier to look at once they are on paper.	{"Finish the sentence in two or three ways.","Which ending calms me the most?","Three plain facts that belong beside it."}	10	t	f	7	t
9	illusions-2	illusions	What would a kind friend see if they watched our week?	A friend's eyes can be gentle and clear at the same time.	{"What would they be glad to see?","What would make them a little worried?","What would they ask me?"}	10	t	f	8	t
10	illusions-3	illusions	What am I waiting for, and since when?	Hope for later can carry us, and it can also hide how long we have been waiting.	{"When … happens, then it will be my turn. What goes in the gap?","How long have I been waiting for it?","What do I need that cannot wait so long?"}	10	t	f	9	t
11	illusions-4	illusions	Where do I feel like a hero, and what does it cost me?	Being the strong one can feel good and still wear you out.	{"Something I carry that I am proud of.","What it costs: sleep, time, friends, money, mood.","Who would I be if I carried a little less?"}	10	f	t	10	t
12	illusions-5	illusions	Which good things do I see that are truly there?	Looking clearly includes what is good.	{"A moment this month when I felt cared for.","What was done or said, exactly?","How often does something like it happen?"}	6	f	t	11	t
13	illusions-6	illusions	When did I last make myself small to keep things calm?	Noticing the moment is enough; there is nothing to put right today.	{"What happened just before?","What did I say or do, and what did I leave unsaid?","What was I hoping to prevent?","Is there someone I could tell about it?"}	12	t	f	12	t
14	self-worth-1	self-worth	What would I say to a friend who felt as I do today?	Most of us speak more gently to friends than to ourselves.	{"What is my friend going through?","Two or three kind sentences to this friend.","How is it to read them with my own name in front?"}	8	t	f	13	t
15	self-worth-2	self-worth	Which of my needs went last this month?	A need that has a name is harder to lose.	{"Think of rest, company, touch, quiet, money, fun, being heard. Which ran short?","How did I notice, in my body or my mood?","What would be a first small portion of it?"}	8	f	f	14	t
16	self-worth-3	self-worth	What did I love before, and where did it go?	Parts of us that went quiet can often be found again.	{"Something I did, liked or believed a few years ago.","When did it fade, and what took its place?","Do I miss it, or was it time to let it go?"}	10	t	f	15	t
17	self-worth-4	self-worth	Where do I feel seen for who I am, and not for what I do?	Being useful and being known are two different things.	{"A person or place where I do not have to perform.","What happens there that makes it so?","Where do I feel that only my help counts?"}	8	f	f	16	t
18	self-worth-5	self-worth	What have I come to expect without noticing?	Everyone gets used to being helped, and noticing it again can be a kindness.	{"Something that is done for me, nearly every day.","What effort might be behind it?","One thing I could say or offer, if I want to."}	7	f	t	17	t
19	self-worth-6	self-worth	What is one thing about me that I do not want to give up?	Knowing what you want to keep makes other choices clearer.	{"A habit, value, friendship or dream that feels like me.","What helps me to keep it?","What makes it hard?"}	8	f	f	18	t
20	pressure-1	pressure	What were the steps of our last round?	Once a loop is on paper, it is easier to see how it turns.	{"What started it?","My move, and the answer.","Where did the relief come, and how long did it last?","What was still unsaid afterwards?"}	12	t	t	19	t
21	pressure-2	pressure	When I push for an answer, what am I afraid of?	There is often a softer feeling underneath the pressing.	{"A time when I asked again and again.","What did I fear the silence meant?","What would have calmed me, even a little?"}	10	t	t	20	t
22	pressure-3	pressure	When I pull away, what do I hope will happen?	Distance can be a rest, a shield or a question in disguise.	{"A time when I went quiet or stayed away.","Did I want rest, safety, or to be followed?","Is there a sentence that could have said so?"}	10	t	t	21	t
23	pressure-4	pressure	What one different move could I try?	A loop can change when one small step in it is different.	{"The moment in the round where I still have a choice.","What do I usually do there?","One small, plain thing I could do or say instead."}	8	f	t	22	t
24	pressure-5	pressure	How do the good days after a bad patch feel?	Relief and closeness can look alike, and each is worth a name.	{"The last time things became warm again: what did we do?","What did I feel: joy, relief, worry, tiredness?","What did I avoid, so that the good mood would last?"}	10	t	t	23	t
25	pressure-6	pressure	What does calm between us look like, when nothing is wrong?	Quiet closeness is easy to overlook beside the big swings.	{"An ordinary hour together that felt fine.","What did each of us do, or leave undone?","What made that hour possible?"}	6	f	t	24	t
26	refusals-1	refusals	What did I want, what did I say, and what was the answer?	Pulling these three apart often shows a request that was never spoken.	{"What I wanted, in one sentence.","What I said or did, word for word if I can.","What came back, without my guess about it."}	8	f	t	25	t
27	refusals-2	refusals	Which need am I hoping will be guessed?	Hoping to be guessed is common, and it often ends in hurt on both sides.	{"What do I wish my partner would just know?","What makes it hard to say?","How might it sound as one plain request?"}	8	f	t	26	t
28	refusals-3	refusals	Which no did I get through lately?	Seeing that a no can be lived with makes the next one lighter.	{"What did I ask for, and what was the answer?","What went through me in the first hour?","How did it look a day later?"}	8	t	t	27	t
29	refusals-4	refusals	What do I do in the first ten minutes after a no?	Many of us blame ourselves or try to make up for it before we have even felt it.	{"A no that stung: what did I do straight away?","Whom was that for: me, or my partner?","What could I do with those ten minutes next time?"}	8	t	t	28	t
30	refusals-5	refusals	Which no of mine is waiting to be said?	A no that can be spoken makes each yes mean more.	{"Something I agreed to and did not want.","What did I expect would happen if I said no?","How could a kind, short no sound?"}	10	t	t	29	t
31	refusals-6	refusals	How else could this need be met, at least in part?	Letting one answer be no does not mean letting go of the need.	{"The need, in two or three words.","Who or what else could meet a part of it?","Which part can only come from my partner?"}	8	f	t	30	t
32	inner-resources-1	inner-resources	Which five things are mine?	People, places, skills and small pleasures of your own hold you up on hard days.	{"Five things, as they come.","Which of them have I touched this month?","Which is easiest to go back to?"}	6	f	f	31	t
33	inner-resources-2	inner-resources	Whom could I ring on a bad evening?	It is easier to reach out when the name is already there.	{"Two or three names, even if we have not spoken for a while.","What is each of them good for: laughing, listening, practical help?","What could my first sentence be?"}	6	f	f	32	t
34	inner-resources-3	inner-resources	What calms me, and how does my body tell me it is working?	Knowing your own signs makes it easier to find calm again.	{"Three things that have calmed me before.","What changes first: breath, shoulders, stomach, thoughts?","Which one could I do anywhere?"}	6	f	f	33	t
35	inner-resources-4	inner-resources	How much of my mood today hangs on one person?	Looking at this without blame shows where a second support could help.	{"What lifted or lowered my mood today?","How much of it came from my partner?","What else was in the day that I could have leaned on?"}	7	f	t	34	t
36	inner-resources-5	inner-resources	What would I plan this month if the plan were only for me?	Wishes of your own are a place to start.	{"Something that would do me good, small or large.","What does it need: time, money, courage, company?","What is the first quarter of an hour of it?"}	8	f	f	35	t
37	inner-resources-6	inner-resources	When did I last get through something hard, and how?	What helped once can often help again.	{"A hard time that is behind me.","What did I do, and who or what helped?","Which part of that is still with me?"}	10	t	f	36	t
38	self-reflection-1	self-reflection	Am I projecting unmet needs?	A need without a name often turns into a thought about someone else.	{"What happened, as a camera would have seen it?","What did I tell myself it meant?","What was I needing just then, and did I ask for it?","Where else in my life does this need come up?"}	12	t	t	37	t
39	self-reflection-2	self-reflection	Did I read a passing mood as a rejection of me?	Moods have many causes, and the painful one often comes to mind first.	{"What did I see or hear?","What did I think it said about me?","Two other things it could have been about.","How could I find out, kindly?"}	10	t	t	38	t
40	self-reflection-3	self-reflection	Which small part of this pattern is mine to change?	Finding the part that you can move is different from taking the blame.	{"The pattern, in one sentence.","The part I play, as I would tell it to someone kind.","The part that is not mine.","One small thing I could do differently."}	12	t	t	39	t
41	self-reflection-4	self-reflection	Whom does this moment remind me of?	We meet each new person partly through the people we knew before.	{"What about the moment feels old or familiar?","Who was there back then, and what did I need?","What is different now?"}	12	t	t	40	t
42	self-reflection-5	self-reflection	What did I expect, and did anyone know about it?	Unspoken expectations can hurt two people at once.	{"What I had pictured beforehand.","What took place.","Which part of my picture had I said out loud?"}	8	f	t	41	t
43	self-reflection-6	self-reflection	What would I like to bring to someone trained to listen?	Getting it ready on paper can make a first talk easier.	{"What I would want them to understand first.","What I am unsure about.","What I would rather not speak about yet."}	8	f	f	42	t
44	reciprocity-1	reciprocity	What is one wish I could say in a single sentence?	Short and clear is easier to hear, and easier to answer.	{"The wish, as long as it needs to be.","The same wish in one sentence that starts with \\"I would like\\".","Could it be answered with a yes or a no?"}	6	f	t	43	t
45	reciprocity-2	reciprocity	Which limit would make giving easier for me?	Knowing where you stop can make it lighter to begin.	{"Something I give with a heavy heart.","How much of it could I give gladly?","How might I put that into words?"}	8	f	t	44	t
46	reciprocity-3	reciprocity	What do I give that may go unseen?	A good deal of care is never noticed, and naming it can ease the sting.	{"Two things I do that nobody mentions.","Would I like one of them to be known, or is it fine as it is?","What might my partner be doing that I do not see?"}	7	f	t	45	t
47	reciprocity-4	reciprocity	When did care move both ways between us?	A good moment can show what makes others like it possible.	{"A day or an hour when we both gave and both received.","What came before it?","What made it easy to ask, or to say no?"}	8	f	t	46	t
48	reciprocity-5	reciprocity	What have we agreed on, and what have I only assumed?	Many limits exist in one head only.	{"Something we have said out loud and both agreed to.","Something I treat as agreed that was never said.","Is it worth a talk, and when would be a calm time?"}	8	f	t	47	t
49	reciprocity-6	reciprocity	What can I offer gladly at the moment?	Something small and given freely often does more than something large and given from duty.	{"How much strength do I have this week?","One thing that would be a pleasure to give.","One thing I would rather leave for now."}	6	f	t	48	t
50	healthier-model-1	healthier-model	How are things now, in one true sentence?	A sentence that accuses nobody is somewhere to begin.	{"Write it quickly, as it comes.","Take out guesses and words such as always and never.","How does it feel to read what is left?"}	6	f	f	49	t
51	healthier-model-2	healthier-model	What do I count, and what would I notice if I stopped?	Counting takes strength, and it can draw our eyes away from other things.	{"What I keep a silent tally of.","What the tally is meant to protect.","What else I could look at for a week."}	8	f	t	50	t
52	healthier-model-3	healthier-model	Do I give this gladly, or so that something will not happen?	The same act can weigh very differently, depending on the reason.	{"Something I gave or gave up lately.","What did I hope for, and what did I want to prevent?","How did I feel the next day?"}	8	t	f	51	t
53	healthier-model-4	healthier-model	What kind of proof do I look for, and how long does it last?	Knowing this helps you find what lasts longer.	{"Something I look for as a sign that I am loved.","How long do I feel calm once I get it?","What gives me a calm that lasts a little longer?"}	8	t	t	52	t
54	healthier-model-5	healthier-model	What have I learned about my own needs?	Needs that you know are easier to meet and easier to speak about.	{"A need I did not know about a year ago.","How did I find out?","What does it ask of me?"}	8	f	f	53	t
55	healthier-model-6	healthier-model	What small change would I notice first?	Slow change is easier to see when you know where to look.	{"If things were a little lighter in a month, what would be different on a Tuesday?","Which part of that could come from me?","Which part could not?"}	7	f	t	54	t
56	real-connection-1	real-connection	What about me has value, whatever anyone else thinks?	Worth that is written down is easier to find again.	{"Three things I respect in myself.","When did each of them last show?","One sentence about my worth that stays true whatever happens."}	10	t	f	55	t
57	real-connection-2	real-connection	What would I keep, and what would I change?	Most relationships hold both, and it helps to see them side by side.	{"What I would want to keep.","What would need to be different.","Which of these could I speak about, and with whom?"}	12	t	t	56	t
58	real-connection-3	real-connection	When do I feel most like myself with my partner?	Feeling like yourself is a sign worth noticing, and so is missing it.	{"A time when I felt at ease as I am.","A time when I hid a part of myself.","What made the difference?"}	8	t	t	57	t
59	real-connection-4	real-connection	What am I unsure about, and what would help me see it better?	Not knowing yet is a place you are allowed to be in.	{"The question I keep coming back to.","What do I know for certain?","What, or who, could help me with the rest?"}	10	t	f	58	t
60	real-connection-5	real-connection	How am I, on most days, in body and mind?	Sleep, appetite and mood often know something before words do.	{"Sleep, food, strength, mood: a word for each.","What has changed over the last half year?","Whom could I tell about it?"}	6	t	f	59	t
61	real-connection-6	real-connection	What would I like to tell myself a year from now?	A letter to later can show what matters today.	{"What I hope will still be there.","What I hope will be lighter.","How I hope I will have treated myself."}	12	t	f	60	t
\.

COPY public.journal_entry (id, date, created_at, changed_at, kept_at, binned_at, pinned, revision, client, sequence, sealed, owner_id) FROM stdin;
e217b78a-5bfa-4998-ba26-428a5685b839	2026-09-15 09:00:00+00	2026-09-25 09:00:00+00	2026-09-25 09:00:00+00	2026-09-25 09:00:00+00	\N	t	1	3491d88c-e385-4f8a-9a90-4a44fcc4af7c	1	\\x017185ea5622f637b38ed92ab904cf83f9e6a66f0a549d2e2e688f75db41a47955fef2c4cedf1fe28f997cc38c9ed6b1b4674ec00370175c73424787e41b2cfe6e8c22bcf3ba5ef10131be68273339563d1e9d7e359059c95563d29b94d9d10c775a3ff45efd614511fc251fccd97d8682716549c7e7add0bd8e979e1fa5751b65029541406e3c6e55d0c4f4325d49969071e4868c97e0ab502680a6393bef3fa7216734e570ed7ecf562eb9fe3e2ad158a2a39f50de86c3e8049592f504214712b78ed9a8b883ac0c24c25ef81c63b8e7a639cdf44e4a591187a686e8ce415f7d9f055a0092db8fa92ea7d0c2cb72cfaf3b453d40eff72f9e34c466e476e075ae36c8dfbef2d7b97b70ab005d83e456ef0b693e84aa7dcdd5da344fac	127c0abc-db24-46bb-aabd-f0a0b61c5399
c848de99-7bd6-4ef3-bd19-0a39b1c767b8	2026-11-19 09:00:00+00	2026-11-19 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	\N	f	2	281ad9d5-d212-47d1-90f5-2523c1d45833	1	\\x013ed69e292883907e8a45b5da5d105dde78dff568430f3c8aef5125d4e6d28de25bdc779bbd3665d141900468a6d26e559ec917a5bfefac62710e3ad03d8633c51ad6f633438194969fb557f623edcfdfc0f04e74e1f81a43df8be7db7081a558631768ab2e37a928456c67e0a188efed910c77055ccd93c1badadc96262413032331761c6ce18cba6a85301131392c7ae46d5594cac3da8bc36adbfaa03b76784352b3dc65058e2a3408857132555e624cfac31d4c703f23e5e6fb47e8b71fcc295c19d882df49f14ced09da560530fc3986cfc5751e834b9964ad37ca495b8c07f5cf90b1e599440f538d3cc8e85b8bf3cc146b1d4cb941038b81c0b39f46375c7f82c3ea3457b99a81d9f4232e9f21e4affc9a3fe7463b061a64af	127c0abc-db24-46bb-aabd-f0a0b61c5399
847087f7-e4f4-4ad3-962a-95529a3dfabe	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	\N	f	1	8fba42fe-5f4c-4919-b182-55cd959fcb1c	1	\\x0183b550c37f224104baa51fd2b49ec11043cd1317a9428d089cb63c2fb7d76e39333158e0997c4d96b38ec25986da90daf201bd1933ebd037340fdeb3746855016739e8d18883d94e0025304dd1c53f80ed959d8c7195aecee82daf677710509d8b9594b534216d2a25ac9b8bf18d9f0a89ce4e23b45509c4a17e14ce34d86fd54a7275f2c4334793c6c34cf44ef072103d705f37b43d3426314162740945d57a685366840b5804aeddd2029390bc6aadcc47e6e0a4b382bb340f2445a7c9b26b8f8483af85ada6c21ec93687b6ce2c7ef6af8113ed19c5ceda0f20b6ab331c3fa92ef323caa0de08c0802f425f25706ec07da3bc9f99b2fa59aebd79f17d79e3e9986ef423c76de28e87cfad1c2e54a6b0f564c6b5bb0ddefa0a77ee1c9b737668aac8941b3e208c3d33936c264bd93da0f839c50d158c8124c223cebe1b8b3849444b8ad7d8783f57634c98165255fae8d3a4df74965c4d8762f2b3148a9b2c0a3f972a16a368d705e03aeb018ac1000bd8389a073d4f68e5be581cf258417c9bc63554d1bd50b2449c25ff802a8899e3563077418abb8dbaae585131044bb362ba61e213535a961f293890899e4623c56296ea78844a3d42e1b787c4b3d01f28c4815c79a60519592db7b65168e863209faefe2b68c604cf16cad8975582fee9885764ca7eddc13f458f0a90a4c8ffab72d020e09389eb6316cca61f9e9b98c89383447822ea50890fbdd1a5ac7d3fa0528f175155a0c1bfc2e640	127c0abc-db24-46bb-aabd-f0a0b61c5399
d892b4d4-fa9e-4a7c-a43f-d91ea8ac0458	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-21 09:00:00+00	f	1	89edd239-b559-4b84-a1fc-f78c3c06b485	1	\\x01b276a91433b3d57da5069054b0a799474b97aef4183e7db8b8965475ad0a4cd55b3322eb668d2c4218b51a26b6101b251f79fbffbbbe94a529334991b35af873bfb16c9d254ca178c027b4eecc46206bfc5f521fe4bb765e4090245611de2086deb22243b7c40adb3ecd0b763de4d51c57f8322037ea27e5d05c94380c09e388dd7dba4e0bdeec66acf990eb67411f11916efa64b2317d97153e3fb45df00306c3ec0b11a9d4b650c32942cee574ac724657f47425735cba6cc1b2c4161ba99d3d073683ce7d1f951d1dde33a8a19d97c92aac13e16de431a86a20ab1cbe6c3a52f0e5911ba9dd5b207ada4522fc396a43b5c54e11cdb335eae149694edcd51fbf36675fde6d7b03f5b7f6aa984fa4b1cbb281cdaf4af1a62eb1a02e	127c0abc-db24-46bb-aabd-f0a0b61c5399
a99ce6c5-a43a-45fd-9b17-4fb6fb02ed8b	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	2026-11-20 09:00:00+00	\N	f	1	c3d51f8c-615b-40a3-a9ff-35470294fa19	1	\\x01185b59ad1e2138de9ebf1d9180bc8e6b937c48cfafcd05d584edb3aea063dd92407a7eff054d14271a74830e0fc5d9b89d201b025958be3e1531ee386df7cd52cd7645327872a52d302041ec6815298fc1a30de94e8083b73bc2693ad9a0e9214cb1c99c2249b6dea51359d8fa2dd00ca57b0ca228ebfcdff161bd05f9b775f018c5490040ff75588d0fe996a671671e4aabe059b0667685a41a3a5a1563d53a35703ef448da6c182539b7f5aeafdda1094eaca1974b18e55c8668564d19c9d42bc23b6e78a314c5db5f465d5f3f6a16806ff0b6760698c92bb2b0fc0db002650eb9cd5c44bdfe4bd251062d0a9f90487d13de0730003d1388464aceb8ea9837c5875cde111a1d19c7053a53758807a2759a85142ab445f5a7ad15f4	5599dc26-2cc5-4bf9-870c-8b6418df4be5
\.

COPY public.journal_promptchoice (id, prompt, choice, owner_id) FROM stdin;
1	balance-2	kept	127c0abc-db24-46bb-aabd-f0a0b61c5399
2	balance-3	hidden	127c0abc-db24-46bb-aabd-f0a0b61c5399
\.

COPY public.journal_reminder (owner_id, weekday, hour, next_at) FROM stdin;
127c0abc-db24-46bb-aabd-f0a0b61c5399	6	18	2026-11-22 18:00:00+00
\.

COPY public.journal_revision (id, number, made_at, beside, client, sequence, sealed, entry_id, owner_id, date, pinned) FROM stdin;
4362e0f7-c27a-406e-a99d-d2d3c6545f84	1	2026-09-25 09:00:00+00	f	3491d88c-e385-4f8a-9a90-4a44fcc4af7c	1	\\x01a13ce19b2a8be9fdeade19f195d19a8075a62d8114e3357add53ed2cc42abea277249993b96bcc9a1b1bee6c5ab9fbaa6cdb54d837d7954968f1c93b056975f103b3fa4e382f7a3e50c2bd74c89b55accba2aa46d589af90c88fe1b38a6b6ac205a82d24bc4a05bc2682ca84d1c7a51b0dd2c78a2c542a71559bac3ff749ae4232660dc759850b39a80df58c5e8a711b3e7eeac21e1c8724fd3067aa50ebd5cb2b6bdb4e0818595ef6c9b174ca3106e6a5174afa4ea376afc950d147b96138773c3df1b227b5ad6bd8521d7d574dcb3ebbbbfc62cf627255fc9f2312840831c39c46525c8ce4087fb9b3de3ccbae7d7c5e70e6dd7d0a5305d347b198b1e0b4ee466d0cadfb39af871cff6f9651e6850c8ef43f5e9c7bd02c0a8946fd	e217b78a-5bfa-4998-ba26-428a5685b839	127c0abc-db24-46bb-aabd-f0a0b61c5399	2026-09-15 09:00:00+00	t
9c47991e-bd53-4c36-87ff-1f3d259f0ad8	1	2026-11-19 09:00:00+00	f	803a0e7c-25ea-452b-b278-5c6e9610bdd8	1	\\x015859b179e6280c1d7fe479fb254ef4fd2bd6fb1ed09c7085a4ab3e07aed366f836ce362ffcf2f472b2312ad5457f7e872760eb299d2b6e1afe8e70ed43d22ba718a31e750b34878848a5e3d68dd4713530bc58f3a0bbc056a2089219bf72454654d2ed4172ddedded5610ef1de4de334cd944e44b003174d7c89ec67d11e2ff5b34367a231f9ba18975ba09e134f674fee7bd9ea6cb6d18496302c0ac2aeeb84f726b98c7b0b09e68517c5d49d042aff897f5f62ec86f25f1c4258871fc6dd0eb779e23141f72c945445020c4586dc7b42034ca60c1072a6f2317af782acf4edbe56b36dfb23d8ca5e259e998f0f03dab6e007de636f3c9ff6f6ec00d0e323fdde1c0e8938a683c7b97d12e4d597e4209c31b00d73b8b96463561969	c848de99-7bd6-4ef3-bd19-0a39b1c767b8	127c0abc-db24-46bb-aabd-f0a0b61c5399	2026-11-19 09:00:00+00	f
3dcdc6f3-f898-44c7-a3c0-139c4c756b37	2	2026-11-20 09:00:00+00	f	281ad9d5-d212-47d1-90f5-2523c1d45833	1	\\x01b5ea88f79bdd758c23ae62d2d90e7911fcac56943438896894e5b65c85f927a3e8f3a7d90604d66a271720a1fe302db823d498c4a37aba32fb5d04202c95b12651a99cfd05c1a99ae178c72ed3bcc997c98fdc1098bcea15af5116612db8355505af7bdd407761d8299126444a614944b0697ebf3bf8b1f9769ee78f0ffd995a66e4b902822db88aa8177154454e071c529cef06cfcbf436dcd19dfec10f696ed2379fd8435745883ba1e04036f2f19dc58bfbc60674367a829183028594be36dc84c2cd3d5074c3a4e0e36e6ddff6eb83a9689bdd01eb2c0b86c1bc57b75f7fb20b135683fbadbf8b27be7f3219a3b219221afe54918b47a771b09dfd5b3e09ad3c7a1942ed7da7b39bbe2f9489f367274671ebbf7dc22ba75877e3	c848de99-7bd6-4ef3-bd19-0a39b1c767b8	127c0abc-db24-46bb-aabd-f0a0b61c5399	2026-11-19 09:00:00+00	f
92632b88-09c3-4e46-bba4-3814ed41d02a	1	2026-11-20 09:00:00+00	t	7c921007-902d-40b7-b0d1-3ad862513759	1	\\x01e1b48b9d41b824469cebd57e9b84fc084cfff9cdc7d2d387d4eb87ef7a576759a11c4146041d7446cbf221c93a2b559f151bdd261ac891c0b2c3f73c589603f94cf24ac82349c5b4b5cbb4b99c01da8821965f484d986f5bade04e917337143a7bcd191b80a66d2e909f1307c927d4dd6aaaa1a2df522f752b052f3713c1845488651c3f673251da0140f9d01e2e62e25ab62d56eb8c4370dc8ae6d256b8b43c1329b5ec2b0a20a5e1091e2d8eaffc31ce3f5aaa58d5041bccdc8485211b0570f7e2fd69ed9524e42f0013b4413052e76cf9c53413473c92038e3c55f31fcd5d284bfc6a789151f13db2f6789c7f892a45e031a486ceff8ac2432c0344306235405c29716e001115fc32c4dfea1de9c0ffbd44e30673d44bbf4a9920	c848de99-7bd6-4ef3-bd19-0a39b1c767b8	127c0abc-db24-46bb-aabd-f0a0b61c5399	2026-11-19 09:00:00+00	f
6bb5e927-ad6a-4b07-9c4e-0a2f58a12af8	1	2026-11-20 09:00:00+00	f	8fba42fe-5f4c-4919-b182-55cd959fcb1c	1	\\x0168ea4fbb1e3607ef17e06c1b3f81fecadb7f38a0b479c847db52c88cacf73232d324b04f4ffaf5edf6efd7499e89995bac3c8dde6fb52e67ac7dc96b76554c0772844a0906408a5ef291fd36826b91ceb35717b97df36fea45053617042bdbe7e65b4ce20163e7889d40780d5e0c75bc811bc37dfeb37dcbfc75d8a57913e8d2e93413b222cd4a0303f650a5bc959e5ecbbce2872b08b6b03793d0edb0ba3382cfeb1c1abc0de75159e2fa370cb22f6bf602eca6c044f4cc03ef5ecd2164d73c1f92dd873109472c22cda6f9697ad8f8dbe653efc27dd1fae8dd69b9de3ab11339991be647ae9e5fb72a61c2a3b402bff685e6ceee02280dc1e1ff6e070eb85553a5dde08f9f3a6ed721e152bd5a1235a757f2c11ed20d2a75a2196d8928b9646863b5e09208cf1aef410409164d8ad47c938a532477954715e3da478564585ad7dddc3a814d801a861b51cddad74852f481a3bd921cfb57d93b894d4246f4180c4917786cb608bc383f38451fdbf378cb56dc7c7b206ff587dbd4490e07cc1eee6f4ae824dc334ae8f110de80b33162892f6c1f442501772ee28b9a222a7136f4f3a10afc32c50421efba6749f30d137eab9412929b396e2f0c0d758464ab5dc791294892e597330fe4b859afec99ec7dfd3254143599f189342e7f18ee965aaf18cc75f9a4d6b66dce20ad60ec6b504fcd6915bc643d228fd2103377ae4ddcef76ce59ac16fab0830d1f8800ce18b78dd514c4054a7e4e24a95a6f	847087f7-e4f4-4ad3-962a-95529a3dfabe	127c0abc-db24-46bb-aabd-f0a0b61c5399	2026-11-20 09:00:00+00	f
207af74d-075b-4f0f-82cf-9aa20650fe76	1	2026-11-20 09:00:00+00	f	89edd239-b559-4b84-a1fc-f78c3c06b485	1	\\x012c652809f4f154710452a4f86b72366d13861c06ebd73d25fd4fcb6c16c45c0499e35fdd5121e16895be9e97b85325470e038f1bd0936544b22f1ec2205da333b55b9444f26f2ecc99dc860fb75b2c85aaa90043517772d956aff1842dc87b3d8139c25aecb56cf1078ac35a3e840ed19ee78ed8eda966c9c3cc031a52927b73d59b34dea22121656f0ef6fb9cfdad18b573aef56fe532ddcc16520f4bb4dc6ac014251f66d97051faee575c1ffc9d9ce14ad7c5804f6ed8d5076ae52468adad2099692eb847317b3d279e94f94b0aeb6e7fdb8eed307e096f599c2b50309788e62db67b3f397947984abebd5a0d4bc70071a294b7626e28252ca0fdd37c57f2b7403f7c237da4f913fd6de3249817f4790e116e9a1eee260e22ce81	d892b4d4-fa9e-4a7c-a43f-d91ea8ac0458	127c0abc-db24-46bb-aabd-f0a0b61c5399	2026-11-20 09:00:00+00	f
ad7ac5cd-1116-433d-9e0c-e4882bb961db	1	2026-11-20 09:00:00+00	f	c3d51f8c-615b-40a3-a9ff-35470294fa19	1	\\x014db28d8aa426bc29b94575bb8bcba0cd87a0443d8785572f53f03934259bdb5e2d52efb0e496add669a94ab169147aa4437bc3afa07f91ca4a654b2bc8382ec504bf5147ba6bc4ca53ba5933be593815256d642f4dcf902217692fd6e94eca02b2061c7f7ba70db580f42548c7cc282988bd19c80a3d5ce712f3e3cec3f65cc39b64590eba7f4ea4c210ee1f81da0dfbb9e7c1c3af9428527103077930710e0f40c3c95f52dadcd3acc16d2c18cf34d0f848eddeef545babaf84c71b4acfec58e9cd595a421647d4739a76a8960388379567e6b22ac13db5d76b72778617af0a2293ea4f21ac12ff20b1e65224b83c58c926ab4ee968f101e94f0b08d97c9a4eb40d87b7439e7064b9d5636fd575a0bbb57cd3797882c068c2adbb11	a99ce6c5-a43a-45fd-9b17-4fb6fb02ed8b	5599dc26-2cc5-4bf9-870c-8b6418df4be5	2026-11-20 09:00:00+00	f
\.

COPY public.mfa_authenticator (id, type, data, user_id, created_at, last_used_at) FROM stdin;
1	totp	{"secret": "release:AXTC-mLaOqZCyJ8jgvyq6CCwpEAwkeSg73OVJBk9aSM-iEa8eCfiBGK942aIIwIKCwtbDH0l1HlvbI8jCg=="}	f47484d4-ca45-4dc7-80c0-2546d3ef0042	2026-01-28 09:00:00+00	\N
2	totp	{"secret": "release:AbaISznJRGiKeK5LaFfEafuNqtSJoPd4j2eMh_knJChfJaa0GhrKSlZ5TyhPgAGTg6jUvExvXAuZYGrQPA=="}	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	2026-09-05 09:00:00+00	\N
3	recovery_codes	{"seed": "release:AXZE8DVl5n3xGLM4T6adcr7LDLZ6hVhdZpvJgv8vzwz8N9dl5p5NMdUwuBGVxK-j3SeVNN1S2vTvlLzhJqg1Ofj4-kRFMtp8Rko3piA7rvtFEqP4tT4tixUZ_fSDw__NFXalcpExYWf_LAiadQ==", "used_mask": 0}	420a3764-0b8a-4d26-bcda-6ce3aba18d9d	2026-09-05 09:00:00+00	\N
4	totp	{"secret": "release:ARYNCG4uFmIhDMb_hIvs6gghNq0OSfuUFiK4gd1gOteOGAOXA7qW5hSR2blMDJeBhIxb3JvhsjU95xXJgQ=="}	879bfe4f-1ebf-4e03-bc7a-9e559806ee32	2026-09-05 09:00:00+00	\N
\.

COPY public.procrastinate_events (id, job_id, type, at) FROM stdin;
19	19	deferred	2026-11-27 03:24:25.855729+00
20	20	deferred	2026-11-27 03:24:25.855729+00
21	21	deferred	2026-11-27 03:24:26.064299+00
22	22	deferred	2026-11-27 03:24:26.295632+00
23	23	deferred	2026-11-27 03:24:26.740051+00
\.

COPY public.procrastinate_jobs (id, queue_name, task_name, lock, args, status, scheduled_at, attempts, queueing_lock, priority, abort_requested, worker_id) FROM stdin;
19	mail	consultations.tasks.send_message	\N	{"message_id": "88cdc18d-3b06-4641-b43b-4f70b01d03cd"}	todo	\N	0	\N	0	f	\N
20	mail	consultations.tasks.send_message	\N	{"message_id": "ad4a8c99-677e-4741-8a39-7e7608f7b785"}	todo	\N	0	\N	0	f	\N
21	mail	consultations.tasks.send_message	\N	{"message_id": "a510537a-169a-4152-aa7a-e446b082f7de"}	todo	\N	0	\N	0	f	\N
22	mail	consultations.tasks.send_message	\N	{"message_id": "803a4a6d-ca92-45eb-a50f-bb664270fc89"}	todo	\N	0	\N	0	f	\N
23	mail	journal.tasks.send_reminder	\N	{"due": "2026-11-24T09:00:00+00:00", "owner_id": "127c0abc-db24-46bb-aabd-f0a0b61c5399"}	todo	\N	0	\N	0	f	\N
\.

COPY public.procrastinate_periodic_defers (id, task_name, defer_timestamp, job_id, periodic_id) FROM stdin;
\.

COPY public.procrastinate_workers (id, last_heartbeat) FROM stdin;
\.

COPY public.usersessions_usersession (id, created_at, ip, last_seen_at, session_key, user_agent, data, user_id) FROM stdin;
1	2026-11-20 09:00:00+00	192.0.2.7	2026-11-24 09:00:00+00	kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk	A browser	{}	127c0abc-db24-46bb-aabd-f0a0b61c5399
\.

SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 7, true);

SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, false);

SELECT pg_catalog.setval('public.accounts_consent_id_seq', 10, true);

SELECT pg_catalog.setval('public.accounts_user_groups_id_seq', 1, false);

SELECT pg_catalog.setval('public.accounts_user_user_permissions_id_seq', 1, false);

SELECT pg_catalog.setval('public.assessments_groupfigures_id_seq', 1, false);

SELECT pg_catalog.setval('public.assessments_instrumentversion_id_seq', 1, true);

SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);

SELECT pg_catalog.setval('public.auth_permission_id_seq', 144, true);

SELECT pg_catalog.setval('public.consultations_block_id_seq', 2, true);

SELECT pg_catalog.setval('public.consultations_bookingchange_id_seq', 7, true);

SELECT pg_catalog.setval('public.consultations_dateoverride_id_seq', 2, true);

SELECT pg_catalog.setval('public.consultations_offer_id_seq', 2, true);

SELECT pg_catalog.setval('public.consultations_slot_id_seq', 108, true);

SELECT pg_catalog.setval('public.consultations_weeklyhours_id_seq', 3, true);

SELECT pg_catalog.setval('public.django_admin_log_id_seq', 1, true);

SELECT pg_catalog.setval('public.django_content_type_id_seq', 36, true);

SELECT pg_catalog.setval('public.django_migrations_id_seq', 84, true);

SELECT pg_catalog.setval('public.guide_prompt_id_seq', 61, true);

SELECT pg_catalog.setval('public.journal_promptchoice_id_seq', 2, true);

SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 4, true);

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 23, true);

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 23, true);

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);

SELECT pg_catalog.setval('public.usersessions_usersession_id_seq', 1, true);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_consent
    ADD CONSTRAINT accounts_consent_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_datakey
    ADD CONSTRAINT accounts_datakey_pkey PRIMARY KEY (owner_id);

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_email_key UNIQUE (email);

ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_group_id_59c0b32f_uniq UNIQUE (user_id, group_id);

ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permi_user_id_permission_id_2ab516c2_uniq UNIQUE (user_id, permission_id);

ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.assessments_groupfigures
    ADD CONSTRAINT assessments_groupfigures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.assessments_instrumentversion
    ADD CONSTRAINT assessments_instrumentversion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.assessments_response
    ADD CONSTRAINT assessments_response_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.assessments_result
    ADD CONSTRAINT assessments_result_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.assessments_result
    ADD CONSTRAINT assessments_result_response_id_key UNIQUE (response_id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_block
    ADD CONSTRAINT block_unique UNIQUE (owner_id, other_id);

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT booking_client_is_free EXCLUDE USING gist (client_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (((status)::text = ANY ((ARRAY['booked'::character varying, 'completed'::character varying, 'client_no_show'::character varying, 'specialist_no_show'::character varying])::text[])));

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT booking_once_a_form UNIQUE (client_id, token);

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT booking_specialist_is_free EXCLUDE USING gist (specialist_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (((status)::text = ANY ((ARRAY['booked'::character varying, 'completed'::character varying, 'client_no_show'::character varying, 'specialist_no_show'::character varying])::text[])));

ALTER TABLE ONLY public.cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (cache_key);

ALTER TABLE ONLY public.consultations_block
    ADD CONSTRAINT consultations_block_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT consultations_booking_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_bookingchange
    ADD CONSTRAINT consultations_bookingchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_dateoverride
    ADD CONSTRAINT consultations_dateoverride_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_message
    ADD CONSTRAINT consultations_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_offer
    ADD CONSTRAINT consultations_offer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_photo
    ADD CONSTRAINT consultations_photo_pkey PRIMARY KEY (specialist_id);

ALTER TABLE ONLY public.consultations_slot
    ADD CONSTRAINT consultations_slot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_specialist
    ADD CONSTRAINT consultations_specialist_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.consultations_specialist
    ADD CONSTRAINT consultations_specialist_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.consultations_wait
    ADD CONSTRAINT consultations_wait_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_weeklyhours
    ADD CONSTRAINT consultations_weeklyhours_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.assessments_groupfigures
    ADD CONSTRAINT groupfigures_unique UNIQUE (version_id, form);

ALTER TABLE ONLY public.guide_prompt
    ADD CONSTRAINT guide_prompt_key_key UNIQUE (key);

ALTER TABLE ONLY public.guide_prompt
    ADD CONSTRAINT guide_prompt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_weeklyhours
    ADD CONSTRAINT hours_do_not_overlap EXCLUDE USING gist (specialist_id WITH =, weekday WITH =, int4range((starts)::integer, (ends)::integer) WITH &&, daterange(valid_from, valid_to, '[]'::text) WITH &&);

ALTER TABLE ONLY public.assessments_instrumentversion
    ADD CONSTRAINT instrumentversion_unique UNIQUE (slug, version);

ALTER TABLE ONLY public.journal_entry
    ADD CONSTRAINT journal_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.journal_promptchoice
    ADD CONSTRAINT journal_promptchoice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.journal_reminder
    ADD CONSTRAINT journal_reminder_pkey PRIMARY KEY (owner_id);

ALTER TABLE ONLY public.journal_revision
    ADD CONSTRAINT journal_revision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_message
    ADD CONSTRAINT message_once UNIQUE NULLS NOT DISTINCT (owner_id, booking_id, key);

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consultations_offer
    ADD CONSTRAINT offer_once UNIQUE (wait_id, slot_id);

ALTER TABLE ONLY public.consultations_dateoverride
    ADD CONSTRAINT overrides_do_not_overlap EXCLUDE USING gist (specialist_id WITH =, date WITH =, int4range(COALESCE((starts)::integer, 0), COALESCE((ends)::integer, 1440)) WITH &&);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.journal_promptchoice
    ADD CONSTRAINT promptchoice_unique UNIQUE (owner_id, prompt);

ALTER TABLE ONLY public.consultations_slot
    ADD CONSTRAINT slot_unique UNIQUE (specialist_id, starts_at);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_session_key_key UNIQUE (session_key);

ALTER TABLE ONLY public.consultations_wait
    ADD CONSTRAINT wait_once UNIQUE NULLS NOT DISTINCT (owner_id, specialist_id, theme, language);

CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);

CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);

CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);

CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);

CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);

CREATE INDEX accounts_datakey_wrapped_by_3bab3c95 ON public.accounts_datakey USING btree (wrapped_by);

CREATE INDEX accounts_datakey_wrapped_by_3bab3c95_like ON public.accounts_datakey USING btree (wrapped_by varchar_pattern_ops);

CREATE INDEX accounts_user_email_b2644a56_like ON public.accounts_user USING btree (email varchar_pattern_ops);

CREATE INDEX accounts_user_groups_group_id_bd11a704 ON public.accounts_user_groups USING btree (group_id);

CREATE INDEX accounts_user_groups_user_id_52b62117 ON public.accounts_user_groups USING btree (user_id);

CREATE INDEX accounts_user_user_permissions_permission_id_113bb443 ON public.accounts_user_user_permissions USING btree (permission_id);

CREATE INDEX accounts_user_user_permissions_user_id_e4f0a161 ON public.accounts_user_user_permissions USING btree (user_id);

CREATE INDEX assessments_groupfigures_version_id_153fdd0e ON public.assessments_groupfigures USING btree (version_id);

CREATE INDEX assessments_instrumentversion_slug_15629ddd ON public.assessments_instrumentversion USING btree (slug);

CREATE INDEX assessments_instrumentversion_slug_15629ddd_like ON public.assessments_instrumentversion USING btree (slug varchar_pattern_ops);

CREATE INDEX assessments_response_version_id_1fff55ef ON public.assessments_response USING btree (version_id);

CREATE INDEX assessments_result_version_id_e04219e2 ON public.assessments_result USING btree (version_id);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX booking_booked_from ON public.consultations_booking USING btree (starts_at) WHERE ((status)::text = 'booked'::text);

CREATE INDEX booking_by_time ON public.consultations_booking USING btree (starts_at DESC, id);

CREATE INDEX booking_made_by_client ON public.consultations_booking USING btree (client_id, made_at);

CREATE INDEX booking_objections ON public.consultations_booking USING btree (objected_at) WHERE ((objected_at IS NOT NULL) AND (settled_at IS NULL));

CREATE INDEX booking_of_client ON public.consultations_booking USING btree (client_id, starts_at DESC, id);

CREATE INDEX booking_of_slot ON public.consultations_booking USING btree (slot_id);

CREATE INDEX booking_of_specialist ON public.consultations_booking USING btree (specialist_id, starts_at);

CREATE UNIQUE INDEX booking_one_a_slot ON public.consultations_booking USING btree (slot_id) WHERE ((status)::text = ANY ((ARRAY['booked'::character varying, 'completed'::character varying, 'client_no_show'::character varying, 'specialist_no_show'::character varying])::text[]));

CREATE UNIQUE INDEX booking_one_upcoming_a_pair ON public.consultations_booking USING btree (client_id, specialist_id) WHERE ((status)::text = 'booked'::text);

CREATE INDEX booking_with_words ON public.consultations_booking USING btree (ends_at) WHERE (sealed IS NOT NULL);

CREATE INDEX cache_expires ON public.cache USING btree (expires);

CREATE INDEX change_of_booking ON public.consultations_bookingchange USING btree (booking_id, at);

CREATE INDEX consent_latest ON public.accounts_consent USING btree (owner_id, purpose, id DESC);

CREATE INDEX consultations_block_other_id_94f4dd9c ON public.consultations_block USING btree (other_id);

CREATE INDEX consultations_message_booking_id_53a0bec6 ON public.consultations_message USING btree (booking_id);

CREATE INDEX consultations_message_made_at_965504a4 ON public.consultations_message USING btree (made_at);

CREATE INDEX consultations_message_wait_id_3eb345e0 ON public.consultations_message USING btree (wait_id);

CREATE INDEX consultations_offer_slot_id_81f99d9a ON public.consultations_offer USING btree (slot_id);

CREATE INDEX consultations_offer_told_at_cf775ac2 ON public.consultations_offer USING btree (told_at);

CREATE INDEX consultations_photo_sha256_737bc42f ON public.consultations_photo USING btree (sha256);

CREATE INDEX consultations_photo_sha256_737bc42f_like ON public.consultations_photo USING btree (sha256 varchar_pattern_ops);

CREATE INDEX consultations_specialist_check_again_on_eb34762e ON public.consultations_specialist USING btree (check_again_on);

CREATE INDEX consultations_specialist_slug_5f433dcb_like ON public.consultations_specialist USING btree (slug varchar_pattern_ops);

CREATE INDEX consultations_specialist_verified_by_id_932125f3 ON public.consultations_specialist USING btree (verified_by_id);

CREATE INDEX consultations_wait_owner_id_1cca9028 ON public.consultations_wait USING btree (owner_id);

CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);

CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX entry_binned_of_owner ON public.journal_entry USING btree (owner_id, binned_at DESC, id) WHERE (binned_at IS NOT NULL);

CREATE INDEX entry_in_bin_since ON public.journal_entry USING btree (binned_at) WHERE (binned_at IS NOT NULL);

CREATE INDEX entry_of_owner ON public.journal_entry USING btree (owner_id, date DESC, id);

CREATE INDEX entry_pinned_of_owner ON public.journal_entry USING btree (owner_id, date DESC, id) WHERE pinned;

CREATE INDEX guide_prompt_key_9376e674_like ON public.guide_prompt USING btree (key varchar_pattern_ops);

CREATE INDEX hours_of_specialist ON public.consultations_weeklyhours USING btree (specialist_id, weekday, starts);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX journal_reminder_next_at_6548052b ON public.journal_reminder USING btree (next_at);

CREATE INDEX journal_revision_made_at_5a7eeef5 ON public.journal_revision USING btree (made_at);

CREATE INDEX journal_revision_owner_id_0a814919 ON public.journal_revision USING btree (owner_id);

CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);

CREATE INDEX override_of_specialist ON public.consultations_dateoverride USING btree (specialist_id, date, starts);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX response_of_owner ON public.assessments_response USING btree (owner_id, started_at DESC);

CREATE UNIQUE INDEX response_one_unfinished ON public.assessments_response USING btree (owner_id) WHERE (submitted_at IS NULL);

CREATE INDEX response_unfinished_since ON public.assessments_response USING btree (changed_at) WHERE (submitted_at IS NULL);

CREATE INDEX result_of_owner ON public.assessments_result USING btree (owner_id, created_at DESC, id);

CREATE INDEX revision_of_entry ON public.journal_revision USING btree (entry_id, made_at DESC, id);

CREATE UNIQUE INDEX revision_one_beside ON public.journal_revision USING btree (entry_id, client) WHERE beside;

CREATE INDEX slot_soonest ON public.consultations_slot USING btree (starts_at, specialist_id) WHERE is_open;

CREATE UNIQUE INDEX specialist_feed_unique ON public.consultations_specialist USING btree (feed_hash) WHERE (NOT ((feed_hash)::text = ''::text));

CREATE INDEX specialist_notice ON public.consultations_specialist USING btree (notice_hours) WHERE ((status)::text = 'verified'::text);

CREATE INDEX specialist_offers ON public.consultations_specialist USING gin (languages, themes, formats);

CREATE INDEX specialist_queue ON public.consultations_specialist USING btree (submitted_at) WHERE ((status)::text = 'submitted'::text);

CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));

CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";

CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;

CREATE INDEX user_closes_at ON public.accounts_user USING btree (closes_at) WHERE (closes_at IS NOT NULL);

CREATE INDEX usersessions_usersession_session_key_fd35de43_like ON public.usersessions_usersession USING btree (session_key varchar_pattern_ops);

CREATE INDEX usersessions_usersession_user_id_af5e0a6d ON public.usersessions_usersession USING btree (user_id);

CREATE INDEX wait_for_anybody ON public.consultations_wait USING btree (made_at) WHERE (specialist_id IS NULL);

CREATE INDEX wait_for_specialist ON public.consultations_wait USING btree (specialist_id, made_at);

CREATE TRIGGER consents_are_never_truncated BEFORE TRUNCATE ON public.accounts_consent FOR EACH STATEMENT EXECUTE FUNCTION public.accounts_consents_are_only_added_to();

CREATE TRIGGER consents_are_only_added_to BEFORE DELETE OR UPDATE ON public.accounts_consent FOR EACH ROW EXECUTE FUNCTION public.accounts_consents_are_only_added_to();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

CREATE TRIGGER published_never_changes BEFORE DELETE OR UPDATE ON public.assessments_instrumentversion FOR EACH ROW EXECUTE FUNCTION public.assessments_published_never_changes();

CREATE TRIGGER submitted_never_changes BEFORE UPDATE ON public.assessments_response FOR EACH ROW WHEN ((old.submitted_at IS NOT NULL)) EXECUTE FUNCTION public.assessments_submitted_never_changes();

ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_consent
    ADD CONSTRAINT accounts_consent_owner_id_5dc28aac_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_datakey
    ADD CONSTRAINT accounts_datakey_owner_id_dfd4ad0e_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_group_id_bd11a704_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_52b62117_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_permission_id_113bb443_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_user_id_e4f0a161_fk_accounts_ FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assessments_groupfigures
    ADD CONSTRAINT assessments_groupfig_version_id_153fdd0e_fk_assessmen FOREIGN KEY (version_id) REFERENCES public.assessments_instrumentversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assessments_response
    ADD CONSTRAINT assessments_response_owner_id_d60ff410_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assessments_response
    ADD CONSTRAINT assessments_response_version_id_1fff55ef_fk_assessmen FOREIGN KEY (version_id) REFERENCES public.assessments_instrumentversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assessments_result
    ADD CONSTRAINT assessments_result_owner_id_62d5c24d_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assessments_result
    ADD CONSTRAINT assessments_result_response_id_991892f3_fk_assessmen FOREIGN KEY (response_id) REFERENCES public.assessments_response(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.assessments_result
    ADD CONSTRAINT assessments_result_version_id_e04219e2_fk_assessmen FOREIGN KEY (version_id) REFERENCES public.assessments_instrumentversion(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_block
    ADD CONSTRAINT consultations_block_other_id_94f4dd9c_fk_accounts_user_id FOREIGN KEY (other_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_block
    ADD CONSTRAINT consultations_block_owner_id_617ef788_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_bookingchange
    ADD CONSTRAINT consultations_bookin_booking_id_9abdb27a_fk_consultat FOREIGN KEY (booking_id) REFERENCES public.consultations_booking(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT consultations_bookin_specialist_id_aea05a2b_fk_consultat FOREIGN KEY (specialist_id) REFERENCES public.consultations_specialist(user_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT consultations_booking_client_id_101e3979_fk_accounts_user_id FOREIGN KEY (client_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_booking
    ADD CONSTRAINT consultations_booking_slot_id_bb98496f_fk_consultations_slot_id FOREIGN KEY (slot_id) REFERENCES public.consultations_slot(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_dateoverride
    ADD CONSTRAINT consultations_dateov_specialist_id_7039b3c3_fk_consultat FOREIGN KEY (specialist_id) REFERENCES public.consultations_specialist(user_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_message
    ADD CONSTRAINT consultations_messag_booking_id_53a0bec6_fk_consultat FOREIGN KEY (booking_id) REFERENCES public.consultations_booking(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_message
    ADD CONSTRAINT consultations_message_owner_id_23d32ca3_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_message
    ADD CONSTRAINT consultations_message_wait_id_3eb345e0_fk_consultations_wait_id FOREIGN KEY (wait_id) REFERENCES public.consultations_wait(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_offer
    ADD CONSTRAINT consultations_offer_slot_id_81f99d9a_fk_consultations_slot_id FOREIGN KEY (slot_id) REFERENCES public.consultations_slot(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_offer
    ADD CONSTRAINT consultations_offer_wait_id_b65ecbf5_fk_consultations_wait_id FOREIGN KEY (wait_id) REFERENCES public.consultations_wait(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_photo
    ADD CONSTRAINT consultations_photo_specialist_id_b1e4a658_fk_consultat FOREIGN KEY (specialist_id) REFERENCES public.consultations_specialist(user_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_slot
    ADD CONSTRAINT consultations_slot_specialist_id_0788ce0c_fk_consultat FOREIGN KEY (specialist_id) REFERENCES public.consultations_specialist(user_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_specialist
    ADD CONSTRAINT consultations_specia_verified_by_id_932125f3_fk_accounts_ FOREIGN KEY (verified_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_specialist
    ADD CONSTRAINT consultations_specialist_user_id_52bc1522_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_wait
    ADD CONSTRAINT consultations_wait_owner_id_1cca9028_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_wait
    ADD CONSTRAINT consultations_wait_specialist_id_8ecd1753_fk_consultat FOREIGN KEY (specialist_id) REFERENCES public.consultations_specialist(user_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.consultations_weeklyhours
    ADD CONSTRAINT consultations_weekly_specialist_id_8e454d34_fk_consultat FOREIGN KEY (specialist_id) REFERENCES public.consultations_specialist(user_id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.journal_entry
    ADD CONSTRAINT journal_entry_owner_id_ab391530_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.journal_promptchoice
    ADD CONSTRAINT journal_promptchoice_owner_id_b6b5b590_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.journal_reminder
    ADD CONSTRAINT journal_reminder_owner_id_5aea8c7f_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.journal_revision
    ADD CONSTRAINT journal_revision_entry_id_d419ef49_fk_journal_entry_id FOREIGN KEY (entry_id) REFERENCES public.journal_entry(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.journal_revision
    ADD CONSTRAINT journal_revision_owner_id_0a814919_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.mfa_authenticator
    ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.usersessions_usersession
    ADD CONSTRAINT usersessions_usersession_user_id_af5e0a6d_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;

