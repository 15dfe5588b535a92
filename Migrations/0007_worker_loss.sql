-- Whether the attempt under way fails when its worker is lost, instead of being performed again; NULL is no. Any worker can
-- say so then: the branch needs none that serves its Resource.
ALTER TABLE braid.branches ADD COLUMN fails_on_loss boolean;
